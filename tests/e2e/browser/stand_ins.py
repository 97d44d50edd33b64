"""Stand-ins of the providers' scripts, with the interface of their manuals; anything else they refuse."""

__all__ = ["PLAYED", "STRIPE"]

# Stripe.js as docs.stripe.com/js has it, as far as a Payment Element needs it: a frame of Stripe's own to fill in.
STRIPE = """
globalThis.Stripe = (key, options) => {
  if (!key.startsWith("pk_") || typeof options.locale !== "string") throw new TypeError("Stripe(key, {locale})");
  return {
    elements: ({ clientSecret, appearance }) => ({
      clientSecret,
      create(kind) {
        const frame = document.createElement("iframe");
        frame.src = "https://js.stripe.com/v3/elements-inner.html";
        frame.title = `Secure ${kind} input frame`;
        const heard = {};
        frame.onload = () => heard.ready?.();
        return {
          on: (name, hear) => { heard[name] = hear; },
          mount: (element) => element.append(frame),
          destroy: () => frame.remove(),
        };
      },
    }),
    async confirmPayment({ elements, confirmParams, redirect }) {
      if (redirect !== "if_required" || !confirmParams.return_url.startsWith("http")) throw new TypeError("options");
      const secret = elements.clientSecret;
      const form = new URLSearchParams({
        key,
        client_secret: secret,
        payment_method: globalThis.played ?? "pm_card_visa",
        return_url: confirmParams.return_url,
        ...(globalThis.interrupted && { use_stripe_sdk: "true" }),
      });
      if (globalThis.played === "invalid") {
        return { error: { type: "validation_error", message: "Your card number is incomplete." } };
      }
      globalThis.billed = confirmParams.payment_method_data.billing_details;
      const url = `https://api.stripe.com/v1/payment_intents/${secret.split("_secret_")[0]}/confirm`;
      const answer = await fetch(url, { method: "POST", body: form });
      const { error } = await answer.json();
      return error ? { error } : {};
    },
    async handleNextAction({ clientSecret }) {
      const form = new URLSearchParams({
        key, client_secret: clientSecret, payment_method: "pm_card_visa", return_url: location.href,
      });
      const url = `https://api.stripe.com/v1/payment_intents/${clientSecret.split("_secret_")[0]}/confirm`;
      const answer = await fetch(url, { method: "POST", body: form });
      return (await answer.json()).error ? { error: { message: "not confirmed" } } : {};
    },
  };
};
"""

# Collect.js as its manual has it: configured once, a callback for each token, a time-out where a field is not valid.
COLLECT = """
const key = document.currentScript.dataset.tokenizationKey;
let configured;
globalThis.CollectJS = {
  configure(options) {
    if (!key || options.variant !== "inline") throw new TypeError("configure");
    configured = options;
    for (const [name, { selector, title }] of Object.entries(options.fields)) {
      const frame = document.createElement("iframe");
      frame.src = "https://secure.nmi.com/token/inline.php";
      frame.title = title;
      document.querySelector(selector).append(frame);
    }
    options.validationCallback("cvv", globalThis.played !== "invalid", "too short");
    options.fieldsAvailableCallback();
  },
  startPaymentRequest() {
    if (globalThis.played === "invalid") return configured.timeoutCallback();
    configured.callback({ tokenType: "inline", token: globalThis.played ?? "01234567-012345-012345-0123456789ab" });
  },
};
"""

# UltraCart's hosted fields as its samples have them: a frame over each input, whose token goes into another one. They
# find both by selectors, through a jQuery that still has `size`.
JQUERY = """
globalThis.jQuery = (selector) => {
  const found = [...document.querySelectorAll(selector)];
  return { size: () => found.length, 0: found[0] };
};
"""
HOSTED = """
globalThis.UltraCartHostedFields = {
  setup(jQuery, json, { sessionCredentials, hostedFields }) {
    if (typeof jQuery !== "function" || typeof json.parse !== "function") throw new TypeError("jQuery, JSON");
    if (sessionCredentials.merchantId !== "DEMO") throw new TypeError("merchantId");
    const played = globalThis.played; // by the customer in these fields, and not in the next ones
    globalThis.played = undefined;
    const overlays = Object.entries(hostedFields).map(([name, { selector, tokenSelector }]) => {
      if (!["creditCardNumber", "creditCardCvv2"].includes(name)) throw new TypeError(name);
      const [under, holder] = [jQuery(selector), jQuery(tokenSelector)];
      if (under.size() !== 1 || holder.size() !== 1) throw new TypeError(selector);
      const overlay = document.createElement("div");
      overlay.id = `${name}Overlay`;
      const frame = document.createElement("iframe");
      frame.src = "https://token.ultracart.com/checkout/checkout-hosted-fields-1.0.jsp?r=1";
      frame.title = name;
      overlay.append(frame);
      under[0].after(overlay);
      under[0].style.visibility = "hidden";
      const typed = played === "invalid" && name === "creditCardCvv2" ? "" : played ?? "visa";
      setTimeout(() => { holder[0].value = typed && `${typed}-${Date.now() % 1e12}`; }, 300);
      return overlay;
    });
    return { destroy: () => overlays.forEach((overlay) => overlay.remove()) };
  },
};
"""

FRAME = "<!doctype html><html lang=en><title>Fields</title><body>Fields of the provider's own</body></html>"


PLAYED = {
    "https://js.stripe.com/v3/": ("text/javascript", STRIPE),
    "https://js.stripe.com/v3/elements-inner.html": ("text/html", FRAME),
    "https://secure.nmi.com/token/Collect.js": ("text/javascript", COLLECT),
    "https://secure.nmi.com/token/inline.php": ("text/html", FRAME),
    "https://secure.ultracart.com/js/jquery-1.7.2.min.js": ("text/javascript", JQUERY),
    "https://token.ultracart.com/checkout/checkout-hosted-fields-1.0.js": ("text/javascript", HOSTED),
    "https://token.ultracart.com/checkout/checkout-hosted-fields-1.0.jsp?r=1": ("text/html", FRAME),
}
"""What is served at each address."""
