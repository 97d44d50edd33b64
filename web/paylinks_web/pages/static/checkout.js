// Makes the checkout page pleasant; without it the page works the same, with one reload more.

const FIRST_WAIT = 1500; // milliseconds between two looks at a payment that is being processed
const LONGEST_WAIT = 15000;

/** Keep the customer from pressing a button twice, and say that something is happening. */
function followForms() {
  for (const form of document.querySelectorAll("form")) {
    form.addEventListener("submit", () => {
      const button = form.querySelector("button");
      button.disabled = true;
      button.dataset.idle = button.textContent;
      button.textContent = button.dataset.busy;
    });
  }
}

/** Undo it where the browser shows a page it has kept, as after going back. */
function wakeForms() {
  for (const button of document.querySelectorAll("button[data-idle]")) {
    button.disabled = false;
    button.textContent = button.dataset.idle;
  }
}

/** Look again until the payment is settled, then show the page as it is then. */
async function followPayment(wait = FIRST_WAIT) {
  const main = document.querySelector("main[data-stage=processing]");
  if (!main) return;
  await new Promise((resolve) => setTimeout(resolve, wait));
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = fresh.querySelector("main[data-stage]");
    if (next && next.dataset.stage !== "processing") {
      document.title = fresh.title;
      main.replaceWith(next);
      next.querySelector("h1").focus();
      followForms();
      if (next.dataset.stage === "paid" && next.dataset.successUrl) location.assign(next.dataset.successUrl);
      return;
    }
  } catch {
    // The network is away for a moment: the next look may succeed.
  }
  await followPayment(Math.min(wait * 1.5, LONGEST_WAIT));
}

followForms();
addEventListener("pageshow", wakeForms);
followPayment();
