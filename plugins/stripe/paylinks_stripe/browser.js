// Stripe in the page: the Payment Element, which Stripe serves and fills in itself (docs.stripe.com/payments/payment-element).

const SCRIPT = "https://js.stripe.com/v3/";

let loading;

/** Load Stripe.js once; after a failure it may be tried again. */
function load() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = SCRIPT;
    script.onload = () => resolve(globalThis.Stripe);
    script.onerror = () => reject(new Error("Stripe.js could not be loaded"));
    document.head.append(script);
  }).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** Put the customer's contact and address in Stripe's words. */
function billing({ customer = {}, billingAddress: address }) {
  const name = [customer.firstName, customer.lastName].filter(Boolean).join(" ");
  return {
    ...(name && { name }),
    ...(customer.email && { email: customer.email }),
    ...(customer.phone && { phone: customer.phone }),
    ...(address && {
      address: {
        line1: address.line1,
        line2: address.line2 ?? "",
        city: address.city,
        state: address.state,
        postal_code: address.postalCode,
        country: address.country,
      },
    }),
  };
}

/** Say what came of a call: what the customer has filled in wrong never left the page, all else is Stripe's to tell. */
function told(error) {
  if (!error) return {};
  return error.type === "validation_error" ? { error: error.message } : { message: error.message };
}

export async function mount(element, { values, locale, returnUrl, look, acting }) {
  if (!values.publishableKey) throw new Error("Stripe has no publishable key");
  const Stripe = await load();
  const stripe = Stripe(values.publishableKey, { locale });
  const act = async ({ clientSecret }) => {
    const { error } = await stripe.handleNextAction({ clientSecret });
    return told(error);
  };
  if (acting) return { act };
  const elements = stripe.elements({
    clientSecret: values.clientSecret,
    appearance: {
      theme: look.dark ? "night" : "stripe",
      variables: { colorPrimary: look.accent, colorText: look.ink, colorBackground: look.paper, colorDanger: look.bad },
    },
  });
  const fields = elements.create("payment", { layout: "tabs" });
  const ready = new Promise((resolve, reject) => {
    fields.on("ready", resolve);
    fields.on("loaderror", ({ error }) => reject(new Error(error?.message)));
  });
  fields.mount(element);
  await ready;
  return {
    async pay(details) {
      const { error } = await stripe.confirmPayment({
        elements,
        confirmParams: { return_url: returnUrl, payment_method_data: { billing_details: billing(details) } },
        redirect: "if_required",
      });
      return told(error);
    },
    unmount() {
      fields.destroy();
    },
  };
}
