// What the customer's pages share: the part of the page that changes, waiting for it, and buttons that are pressed once.

const FIRST_WAIT = 1500; // milliseconds between two looks at what is under way
const LONGEST_WAIT = 15000;

/** The part of the page that changes. */
export const main = () => document.querySelector("main[data-stage]");

/** Read the page anew. */
async function read(address = location.href) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { fresh, next: fresh.querySelector("main[data-stage]") };
}

/** Show what was read, and take the reader there. */
function show({ fresh, next }) {
  document.title = fresh.title;
  document.body.className = fresh.body.className;
  main().replaceWith(next);
  (next.querySelector("[autofocus]") ?? next.querySelector("h1"))?.focus();
  document.dispatchEvent(new Event("shown"));
  if (next.dataset.next) location.assign(next.dataset.next);
}

/** Show the page as it is now; without that address, load it. */
export async function refresh() {
  const found = await read().catch(() => ({}));
  if (found.next) show(found);
  else location.reload();
}

/** While something is under way, look again until it is settled. */
export async function follow() {
  for (let wait = FIRST_WAIT; main()?.dataset.stage === "processing"; wait = Math.min(wait * 1.5, LONGEST_WAIT)) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    const found = await read().catch(() => ({})); // the network may be away for a moment
    if (found.next && found.next.dataset.stage !== "processing") show(found);
  }
}

/** Say that something is happening, and take no second press; a form that is `busy` must not be sent again. */
export function setBusy(form, button, busy = true) {
  form.toggleAttribute("data-busy", busy);
  for (const one of form.querySelectorAll("button")) {
    if (busy) one.setAttribute("aria-disabled", "true");
    else one.removeAttribute("aria-disabled");
  }
  if (!button) return;
  if (busy) {
    button.dataset.idle = button.innerHTML;
    button.textContent = button.dataset.busy ?? button.textContent;
  } else if (button.dataset.idle) {
    button.innerHTML = button.dataset.idle;
    delete button.dataset.idle;
  }
}

/** Say something to the customer where the form is, and take the reader there. */
export function say(form, text) {
  const place = form.querySelector("#said");
  place.textContent = text;
  place.hidden = !text;
  if (text) place.focus();
}

/** Post JSON to the API. */
export async function post(path, body) {
  const form = body instanceof URLSearchParams;
  const answer = await fetch(path, {
    method: "POST",
    body: form ? body : JSON.stringify(body),
    headers: { Accept: "application/json", ...(!form && { "Content-Type": "application/json" }) },
  });
  return { status: answer.status, body: await answer.json().catch(() => ({})) };
}

/** Follow an address only where it is one of the web. */
export function leave(address) {
  if (/^https?:/i.test(address)) location.assign(address);
  else throw new Error("This is no address of the web");
}

/** Keep every form from being sent twice; a page that the browser has kept, as after going back, is awake again. */
export function start() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.hasAttribute("data-busy")) event.preventDefault();
    else if (!event.defaultPrevented) setBusy(form, event.submitter);
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("form[data-busy]")) {
      setBusy(form, form.querySelector("[data-idle]"), false);
    }
  });
}
