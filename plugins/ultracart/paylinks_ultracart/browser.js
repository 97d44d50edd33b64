// UltraCart in the page: its hosted fields, frames over our own empty inputs that give tokens (Hosted Credit Card Fields).

const SCRIPTS = [
  "https://secure.ultracart.com/js/jquery-1.7.2.min.js", // of UltraCart's own samples; the fields need one before jQuery 3
  "https://token.ultracart.com/checkout/checkout-hosted-fields-1.0.js",
];
const PATIENCE = 10000; // milliseconds until a token that does not come counts as not coming
const LOOK = 100; // milliseconds between two looks whether it is there
const YEARS = 20;
const FIELDS = { creditCardNumber: "Card number", creditCardCvv2: "Security code" };

let loading;

/** Load the scripts once, one after the other; after a failure it may be tried again. */
function load() {
  loading ??= SCRIPTS.reduce((before, url) => before.then(() => add(url)), Promise.resolve()).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

function add(url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = resolve;
    script.onerror = () => reject(new Error("UltraCart's hosted fields could not be loaded"));
    document.head.append(script);
  });
}

/** Make an element with properties, and with what is in it. */
function make(name, properties, ...inside) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...inside);
  return made;
}

/** Make the place of one hosted field: an input that its frame lies over, and one that its token is written into. */
function place(name, title) {
  const under = make("input", { id: `ultracart-${name}`, type: "text", autocomplete: "off", ariaLabel: title });
  const token = make("input", { id: `ultracart-${name}-token`, type: "hidden" });
  const frame = make("div", { className: "hosted-frame" }, under);
  return make("div", { className: "field hosted" }, make("span", { className: "label", textContent: title }), frame, token);
}

function choice(title, autocomplete, values) {
  const options = values.map((value) => make("option", { value, textContent: value.padStart(2, "0") }));
  const select = make("select", { autocomplete }, make("option", { value: "", textContent: "–" }), ...options);
  return [select, make("label", { className: "field" }, title, select)];
}

const numbers = (first, count) => Array.from({ length: count }, (_, place) => String(first + place));

export async function mount(element, { values, look }) {
  if (!values.merchantId) throw new Error("UltraCart has no merchant id");
  await load();
  const [month, months] = choice("Expiry month", "cc-exp-month", numbers(1, 12));
  const [year, years] = choice("Expiry year", "cc-exp-year", numbers(new Date().getFullYear(), YEARS));
  const places = Object.entries(FIELDS).map(([name, title]) => place(name, title));
  element.replaceChildren(...places, make("div", { className: "fields" }, months, years));
  for (const under of element.querySelectorAll(".hosted-frame input")) {
    // The frames take these from what they lie over; the border is the place's.
    Object.assign(under.style, { minHeight: "0", height: "100%", padding: "0", border: "0", color: look.ink });
  }
  const hosted = globalThis.UltraCartHostedFields.setup(globalThis.jQuery, JSON, {
    sessionCredentials: { merchantId: values.merchantId },
    hostedFields: Object.fromEntries(
      Object.keys(FIELDS).map((name) => [
        name,
        { selector: `#ultracart-${name}`, tokenSelector: `#ultracart-${name}-token` },
      ]),
    ),
  });
  const token = (name) => element.querySelector(`#ultracart-${name}-token`).value;

  /** Wait for the tokens, which the frames fetch when the customer leaves a field; name the fields that give none. */
  async function missing() {
    for (let waited = 0; ; waited += LOOK) {
      const names = Object.keys(FIELDS).filter((name) => !token(name));
      if (names.length === 0 || waited >= PATIENCE) return names.map((name) => FIELDS[name]);
      await new Promise((resolve) => setTimeout(resolve, LOOK));
    }
  }

  return {
    async pay() {
      const unset = [!month.value && "Expiry month", !year.value && "Expiry year"].filter(Boolean);
      const unfit = unset.length > 0 ? unset : await missing();
      if (unfit.length > 0) return { error: `Please check: ${unfit.join(", ")}.` };
      return {
        paymentToken: token("creditCardNumber"),
        cvvToken: token("creditCardCvv2"),
        cardExpirationMonth: month.value,
        cardExpirationYear: year.value,
      };
    },
    unmount() {
      hosted.destroy();
    },
  };
}
