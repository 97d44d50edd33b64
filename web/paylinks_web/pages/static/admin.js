// What the console does better with a script: copying, times in the reader's own zone, tips of charts, forms sent once.

const written = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
for (const one of document.querySelectorAll("time[datetime]")) {
  one.title = one.textContent;
  one.textContent = written.format(new Date(one.dateTime));
}

const said = document.createElement("p");
said.className = "unseen";
said.setAttribute("role", "status");
document.body.append(said);

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    const before = [...button.childNodes];
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.replaceChildren("Copied");
      said.textContent = "Copied";
      setTimeout(() => {
        button.replaceChildren(...before);
        said.textContent = "";
      }, 2000);
    });
  }
}

// The server refuses a second refund by what is left; this only spares the message.
for (const form of document.querySelectorAll("form[data-once]")) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
    form.querySelector("button[type=submit]")?.setAttribute("aria-disabled", "true");
  });
}
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

(document.querySelector("[aria-invalid=true]") ?? document.querySelector("[data-focus]"))?.focus();

// An open list of the side closes as such lists do.
const lists = document.querySelectorAll(".side details");
const shut = (kept) => lists.forEach((one) => { if (one !== kept) one.open = false; });
addEventListener("click", (event) => shut(event.target.closest(".side details")));
addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && document.querySelector(".side details[open]");
  if (!open) return;
  shut();
  open.querySelector("summary").focus();
});

for (const chart of document.querySelectorAll(".chart")) {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  document.body.append(tip);
  chart.querySelectorAll("title").forEach((one) => one.remove());
  chart.addEventListener("pointermove", (event) => {
    const told = event.target.closest("[data-tip]");
    tip.hidden = !told;
    if (!told) return;
    tip.textContent = told.dataset.tip;
    const room = innerWidth - tip.offsetWidth - 8;
    tip.style.left = `${Math.max(8, Math.min(event.clientX - tip.offsetWidth / 2, room))}px`;
    tip.style.top = `${event.clientY - 40}px`;
  });
  chart.addEventListener("pointerleave", () => { tip.hidden = true; });
}
