// The checkout with a provider's own fields in the page. Demo mode, and what goes on at the provider, are plain forms.

import { follow, leave, main, post, refresh, say, setBusy, start } from "./page.js";

const AWAY = "We could not be reached. Please check your connection; it is safe to try again, you won't be charged twice.";

const NOT_NOW = [429, 502, 503];

let mounted; // {provider, element, fields}: what is in the page now
let mounting = 0; // a newer choice overtakes an older one that is still loading
let opening = Promise.resolve(); // one payment is opened after the other: a newer one closes what the older one opened

const form = () => document.querySelector("#pay");
const chosen = () => form()?.querySelector("input[name=provider]:checked");
const path = () => main().dataset.path;

/** Read the page's own colours, so that a provider's fields look like the others. */
function look() {
  const style = getComputedStyle(document.documentElement);
  const names = ["accent", "ink", "paper", "edge", "bad"];
  const colours = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  return { ...colours, dark: matchMedia("(prefers-color-scheme: dark)").matches };
}

/** Open the payment with a provider; `fields` of the form are kept with the order. */
function open(provider, fields = new URLSearchParams()) {
  fields.set("provider", provider);
  const opened = opening.then(() => post(`${path()}/start`, fields));
  opening = opened.catch(() => {});
  return opened;
}

/** Say whether a payment can't be opened because the page is not up to date: paid, or replaced by a newer link. */
const isOver = ({ status, body }) => status === 410 || ["already_paid", "superseded", "expired_token"].includes(body.code);

/** Load a provider's module and have it put its fields into an element. */
async function load(address, element, opened, acting = false) {
  const module = await import(address);
  return await module.mount(element, {
    values: opened.values ?? {},
    amount: opened.amount,
    currency: opened.currency,
    locale: main().dataset.locale,
    returnUrl: new URL(path(), location.href).href,
    look: look(),
    acting,
  });
}

/** Show the fields of the provider that is chosen, and no other's. */
async function mount() {
  const choice = chosen();
  const turn = ++mounting;
  if (mounted && mounted.element.isConnected && mounted.provider === choice?.value) return;
  mounted?.fields.unmount?.();
  mounted?.element.replaceChildren();
  mounted = undefined;
  const address = choice?.dataset.module;
  if (!address) return;
  const panel = form().querySelector(`[data-panel="${choice.value}"]`);
  const element = panel.querySelector("[data-mount]");
  const [wait, failed] = [panel.querySelector("[data-wait]"), panel.querySelector("[data-failed]")];
  wait.hidden = false;
  failed.hidden = true;
  try {
    const opened = await open(choice.value);
    if (turn !== mounting) return;
    if (isOver(opened)) return await refresh();
    if (opened.status !== 200) throw new Error(opened.body.error);
    const fields = await load(address, element, opened.body);
    if (turn === mounting) mounted = { provider: choice.value, element, fields };
    else fields.unmount?.();
  } catch (error) {
    console.warn(error);
    element.replaceChildren();
    failed.hidden = false;
  } finally {
    wait.hidden = true;
  }
}

/** Tie what is wrong to its field, and take the reader to the list. */
function complain(errors) {
  const list = document.querySelector("#problems");
  for (const field of form().querySelectorAll("[data-field]")) {
    const wrong = errors[field.dataset.field] ?? "";
    const input = field.querySelector("input, select");
    if (wrong) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    field.querySelector(".error").textContent = wrong;
    if (wrong) field.closest("details")?.setAttribute("open", "");
  }
  list.querySelector("ul").replaceChildren(
    ...Object.entries(errors).map(([name, text]) => {
      const link = document.createElement("a");
      link.href = `#${name.replaceAll(".", "-")}`;
      link.textContent = text;
      const item = document.createElement("li");
      item.append(link);
      return item;
    }),
  );
  list.hidden = Object.keys(errors).length === 0;
  if (!list.hidden) list.focus();
}

/** Have the server charge, or read what was paid, and show what came of it. */
async function complete(provider, token, result) {
  const { message, ...given } = result;
  const { status, body } = await post("/api/checkout/complete", { ...given, token, provider });
  const action = body.data?.nextAction;
  if (action?.type === "redirect") return leave(action.url);
  if (body.code === "payment_not_submitted") return message ?? "The payment was not made. Nothing was charged.";
  if (status === 502) return "The payment provider could not be reached. Nothing was charged; please try again.";
  if (status === 400 || status === 403 || status === 429 || status === 503) {
    return `${body.error ?? "This was not accepted"}. Nothing was charged; please try again in a minute.`;
  }
  return await refresh(); // paid, declined, under way or replaced: the page tells it
}

/** Go on with what a provider's module has given; a text is something to say, nothing is done. */
async function conclude(provider, token, result) {
  if (result.error) return result.error;
  if (result.redirect) return leave(result.redirect);
  return await complete(provider, token, result);
}

async function pay(sent, button) {
  const { provider, fields } = mounted;
  setBusy(sent, button);
  say(sent, "");
  try {
    const { status, body } = await open(provider, new URLSearchParams(new FormData(sent)));
    complain(body.errors ?? {});
    if (body.errors) return;
    if (NOT_NOW.includes(status)) return say(sent, `${body.error ?? "This did not work"}. Please try again in a minute.`);
    if (status !== 200) return await refresh(); // an earlier press may have paid: the page tells it
    const said = await conclude(provider, body.token, await fields.pay(body));
    if (said) say(sent, said);
  } catch (error) {
    console.warn(error);
    say(sent, AWAY);
  } finally {
    setBusy(sent, button, false);
  }
}

/** Take a bank's step: on its page, or by the provider's module in this one. */
async function act(sent, button) {
  setBusy(sent, button);
  say(sent, "");
  try {
    const { body: seen } = await post(`${path()}/look`, new URLSearchParams());
    const action = seen.nextAction;
    if (!action) return await refresh();
    if (action.type === "redirect") return leave(action.url);
    const { body } = await open("");
    const fields = await load(main().dataset.module, sent.querySelector("[data-mount]"), body, true);
    const said = await conclude(undefined, body.token, await fields.act({ ...body.values, ...action }));
    if (said) say(sent, said);
  } catch (error) {
    console.warn(error);
    say(sent, AWAY);
  } finally {
    setBusy(sent, button, false);
  }
}

/** Where the customer may have paid at the provider meanwhile, have the server ask. */
async function lookAfter() {
  if (main()?.dataset.returning === undefined) return;
  const before = main().dataset.stage;
  const { body } = await post(`${path()}/look`, new URLSearchParams()).catch(() => ({ body: {} }));
  if (!body.nextAction || before !== "action") await refreshIfMoved(before);
}

async function refreshIfMoved(before) {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => undefined);
  const text = (await answer?.text()) ?? "";
  const next = new DOMParser().parseFromString(text, "text/html").querySelector("main[data-stage]");
  if (next && next.dataset.stage !== before) await refresh();
}

document.addEventListener("submit", (event) => {
  const sent = event.target;
  if (sent.hasAttribute("data-busy")) return;
  if (sent.id === "act" && main().dataset.module) {
    event.preventDefault();
    act(sent, event.submitter);
  } else if (sent.id === "pay" && chosen()?.dataset.module) {
    event.preventDefault();
    if (mounted) pay(sent, event.submitter);
    else say(sent, "The fields to pay with are not there yet. Nothing was charged.");
  }
});
document.addEventListener("change", (event) => event.target.name === "provider" && mount());
document.addEventListener("click", (event) => event.target.matches("[data-retry]") && mount());
document.addEventListener("shown", () => {
  mount();
  follow();
});
start();
await lookAfter();
mount();
follow();
