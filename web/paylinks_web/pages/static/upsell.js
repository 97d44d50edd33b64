// Offers after an order: one press answers, the page goes on to the next offer, and the clock runs.

import { follow, leave, main, post, refresh, say, setBusy, start } from "./page.js";

const AWAY = "We could not be reached. Please check your connection; it is safe to try again, you won't be charged twice.";
const SAID = {
  provider_unreachable: "The payment provider could not be reached. Nothing was charged; please try again.",
  provider_error: "The payment provider did not accept this. Nothing was charged; please tell the shop.",
  no_saved_method: "This order kept no card that could be charged again. Nothing was charged.",
  payment_in_progress: "This offer has been accepted already, and its payment is not over yet. Please wait a moment.",
  rate_limited: "Too many tries. Please wait a minute.",
};

let ticking;

async function answer(form, button) {
  setBusy(form, button);
  say(main(), "");
  const body = { sessionId: main().dataset.session, offerId: form.elements.offerId.value };
  try {
    const { status, body: told } = await post(`/api/upsell/${form.dataset.answer}`, body);
    const { nextAction, completionRedirectUrl } = told.data ?? {};
    if (nextAction?.type === "redirect" && main().dataset.demo === undefined) return leave(nextAction.url);
    if (completionRedirectUrl) return leave(completionRedirectUrl);
    if (SAID[told.code]) return say(main(), SAID[told.code]);
    if (status >= 500 && status !== 504) return say(main(), AWAY);
    await refresh(); // accepted, declined, under way or over: the page tells it
  } catch (error) {
    console.warn(error);
    say(main(), AWAY);
  } finally {
    setBusy(form, button, false);
  }
}

/** Count the seconds that are left; they are counted from what the server says, whatever the time is here. */
function tick() {
  clearInterval(ticking);
  const clock = document.querySelector("[data-seconds]");
  if (!clock) return;
  const end = performance.now() + clock.dataset.seconds * 1000;
  const show = () => {
    const left = Math.max(Math.round((end - performance.now()) / 1000), 0);
    const minutes = Math.floor(left / 60);
    clock.textContent = `This offer ends in ${minutes}:${String(left % 60).padStart(2, "0")}.`;
    if (left > 0) return;
    clearInterval(ticking);
    refresh();
  };
  show();
  ticking = setInterval(show, 1000);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.answer || form.hasAttribute("data-busy")) return;
  event.preventDefault();
  answer(form, event.submitter);
});
document.addEventListener("shown", () => {
  tick();
  follow();
});
start();
tick();
follow();
