// Sends a form as JSON, then goes on or says what is wrong.
for (const form of document.querySelectorAll("form[data-send]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = form.querySelector("[data-said]");
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      const answer = await fetch(form.dataset.send, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(Object.fromEntries(new FormData(form))),
      });
      const body = await answer.json();
      if (answer.ok) {
        location.assign(body.data.twoFactorRequired ? "/login?step=2fa" : form.dataset.next);
        return;
      }
      said.textContent = body.details ? `${body.error}: ${body.details}` : body.error;
    } catch {
      said.textContent = "Paylinks can't be reached. Please try again.";
    }
    button.disabled = false;
  });
}
