// NMI and its white labels in the page: Collect.js, whose inline fields are frames of the gateway's own (Collect.js manual).

const PATIENCE = 20000; // milliseconds until a token that does not come counts as not coming
const FIELDS = { ccnumber: "Card number", ccexp: "Expiry (MM / YY)", cvv: "Security code" };

let loaded; // the address and key that the page's Collect.js was loaded with

/** Load Collect.js; it reads its key from its own tag, so another key needs another tag. */
async function load(url, key) {
  if (loaded?.url === url && loaded.key === key) return;
  document.querySelector("script[data-tokenization-key]")?.remove();
  delete globalThis.CollectJS;
  loaded = undefined;
  await new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.dataset.tokenizationKey = key;
    script.dataset.variant = "inline";
    script.onload = resolve;
    script.onerror = () => reject(new Error("Collect.js could not be loaded"));
    document.head.append(script);
  });
  loaded = { url, key };
}

/** Make the places that Collect.js puts its frames into, each with its name. */
function places(element) {
  element.replaceChildren(
    ...Object.entries(FIELDS).map(([name, title]) => {
      const place = document.createElement("div");
      place.className = `field hosted ${name}`;
      const label = document.createElement("span");
      label.className = "label";
      label.textContent = title;
      const frame = document.createElement("div");
      frame.className = "hosted-frame";
      frame.id = `collect-${name}`;
      place.append(label, frame);
      return place;
    }),
  );
}

export async function mount(element, { values, look }) {
  if (!values.tokenizationKey) throw new Error("There is no tokenization key");
  await load(values.collectJsUrl, values.tokenizationKey);
  places(element);
  const wrong = new Map(); // by field, what Collect.js finds wrong with it
  let answer = () => {};
  await new Promise((resolve) => {
    globalThis.CollectJS.configure({
      variant: "inline",
      styleSniffer: false,
      customCss: { color: look.ink, "background-color": look.paper, "font-size": "16px" },
      invalidCss: { color: look.bad },
      fields: Object.fromEntries(
        Object.entries(FIELDS).map(([name, title]) => [name, { selector: `#collect-${name}`, title, placeholder: title }]),
      ),
      fieldsAvailableCallback: resolve,
      validationCallback: (field, valid, message) => (valid ? wrong.delete(field) : wrong.set(field, message)),
      timeoutDuration: PATIENCE,
      timeoutCallback: () => {
        const unfit = [...wrong.keys()].map((field) => FIELDS[field] ?? field).join(", ");
        answer({ error: unfit ? `Please check: ${unfit}.` : "The card could not be read. Nothing was charged; please try again." });
      },
      callback: ({ token }) => answer({ paymentToken: token }),
    });
  });
  return {
    pay() {
      return new Promise((resolve) => {
        answer = resolve;
        globalThis.CollectJS.startPaymentRequest();
      });
    },
  };
}
