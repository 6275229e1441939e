// The pop-up of embedded signup, step by step. What it tells the page that opened it has Meta's form.
import { byId, el } from "./dom.js";
import { firstLanguage, t, useLanguage } from "./i18n.js";

const chosen = { business: null, waba: null, number: null };
let known = { businesses: [], wabas: [], numbers: [] };
let step = "LOGIN";
// What the page that opened it asked for (Cloud API, "Onboarding").
const staysInApp = new URLSearchParams(location.search).get("feature") === "whatsapp_business_app_onboarding";

async function call(path, body) {
  const answer = await fetch(`/control/dialog${path}`, {
    method: body ? "POST" : "GET",
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body && JSON.stringify(body),
  });
  const said = answer.status === 204 ? {} : await answer.json();
  if (!answer.ok) throw new Error(said.error);
  return said;
}

// Meta's words go to whoever opened the window, as a JSON string; the page checks where they come from.
function tell(event, data) {
  window.opener?.postMessage(JSON.stringify({ type: "WA_EMBEDDED_SIGNUP", event, version: 3, data }), "*");
}

function cancel(problem) {
  const refused = problem ? { error_message: t(problem), error_id: problem, timestamp: String(Math.floor(Date.now() / 1000)) } : {};
  tell("CANCEL", { current_step: step, ...refused });
  window.close();
}

/** One step: a title, what to fill in, and what follows. `next` may throw: its words are shown, and nothing is lost. */
function show(name, title, parts, next, label = "dialog.continue") {
  step = name;
  const problem = el("p", { class: "problem", role: "alert", hidden: true, "data-testid": "dialog-problem" });
  const go = el("button", { type: "submit", class: "button primary", "data-testid": "dialog-next" }, t(label));
  const form = el(
    "form",
    {
      onsubmit: async (event) => {
        event.preventDefault();
        go.disabled = true;
        problem.hidden = true;
        try {
          await next(new FormData(form));
        } catch (failed) {
          problem.textContent = t(`dialog.problem.${failed.message}`).replace(/^dialog\.problem\./, "");
          problem.hidden = false;
        } finally {
          go.disabled = false;
        }
      },
    },
    el("h1", {}, t(title)),
    ...parts,
    problem,
    el(
      "div",
      { class: "foot" },
      el("button", { type: "button", class: "button", "data-testid": "dialog-cancel", onclick: () => cancel() }, t("cancel")),
      go,
    ),
  );
  byId("step").replaceChildren(form);
  form.querySelector("input:not([type=hidden])")?.focus();
}

const field = (name, label, attributes = {}) =>
  el("label", {}, t(label), el("input", { name, maxlength: 100, "data-testid": `dialog-${name}`, ...attributes }));

const option = (value, label) => el("option", { value }, t(label));

/** Choose one of these, or make another. */
function choice(items, made) {
  const fields = el("div", { class: "made" }, ...made);
  const update = (value) => {
    fields.hidden = value !== "";
    for (const input of fields.querySelectorAll("[data-required]")) input.required = value === "";
  };
  const radios = [...items, { value: "", label: t("dialog.new") }].map(({ value, label }, at) =>
    el(
      "label",
      { class: "choice" },
      el("input", {
        type: "radio",
        name: "choice",
        value,
        checked: at === 0,
        "data-testid": value === "" ? "dialog-new" : "dialog-known",
        onchange: () => update(value),
      }),
      label,
    ),
  );
  update(items[0]?.value ?? "");
  return [...radios, fields];
}

/** What the person at the Sandbox says of themselves or of the number, to see what the product makes of it. */
const sandboxSelect = (name, label, options) =>
  el(
    "label",
    { class: "sandbox" },
    t(label),
    el("select", { name, "data-testid": `dialog-${name}` }, ...options.map((value) => option(value, `dialog.${name}.${value || "none"}`))),
  );

function login() {
  show(
    "LOGIN",
    "dialog.login",
    [el("p", {}, t("dialog.loginHint")), sandboxSelect("role", "dialog.youAre", ["", "not_admin"])],
    (form) => {
      if (form.get("role") === "not_admin") return cancel("dialog.notAdmin");
      start();
    },
    "dialog.continueAs",
  );
}

function start() {
  show("GET_STARTED", "dialog.start", [el("p", {}, t("dialog.startHint"))], permissions, "dialog.getStarted");
}

function permissions() {
  show("PERMISSIONS", "dialog.permissions", [el("ul", {}, ...["manage", "messages"].map((p) => el("li", {}, t(`dialog.permission.${p}`))))], businesses);
}

function businesses() {
  const items = known.businesses.map(({ id, name }) => ({ value: id, label: name }));
  show(
    "BUSINESS_ACCOUNT_SELECTION",
    "dialog.business",
    choice(items, [
      field("name", "dialog.legalName", { "data-required": true }),
      field("phone", "dialog.phone", { inputmode: "tel" }),
      field("website", "dialog.website", { type: "url" }),
      field("email", "dialog.email", { type: "email" }),
      field("country", "dialog.country", { maxlength: 2, placeholder: "JP" }),
      field("timeZone", "dialog.timeZone", { placeholder: "Asia/Tokyo" }),
    ]),
    async (form) => {
      chosen.business = form.get("choice") || (await call("/businesses", Object.fromEntries(form))).id;
      wabas();
    },
  );
}

function wabas() {
  const items = known.wabas.filter((w) => w.businessId === chosen.business).map(({ wabaId, name }) => ({ value: wabaId, label: `${name} (${wabaId})` }));
  show(
    "WABA_PHONE_PROFILE_PICKER",
    "dialog.waba",
    choice(items, [field("name", "dialog.wabaName", { "data-required": true }), field("timeZone", "dialog.timeZone", { placeholder: "Asia/Tokyo" })]),
    async (form) => {
      chosen.waba = form.get("choice") || (await call("/wabas", { name: form.get("name"), businessId: chosen.business })).wabaId;
      confirmed();
    },
  );
}

function confirmed() {
  show("WABA_CONFIRMATION", "dialog.wabaReady", [el("p", {}, t("dialog.wabaReadyHint"))], profiles, "dialog.toStep2");
}

function profiles() {
  const items = known.numbers
    .filter((n) => n.wabaId === chosen.waba && n.verified)
    .map(({ phoneNumberId, displayPhoneNumber, verifiedName }) => ({ value: phoneNumberId, label: `${verifiedName} (${displayPhoneNumber})` }));
  show(
    "WHATSAPP_BUSINESS_PROFILE_SETUP",
    "dialog.profile",
    choice(items, [
      field("name", "dialog.displayName", { "data-required": true }),
      el("label", { class: "choice" }, el("input", { type: "checkbox", name: "differs" }), t("dialog.differs")),
      el(
        "label",
        {},
        t("dialog.category"),
        el("select", { name: "category" }, ...["RETAIL", "PROF_SERVICES", "RESTAURANT", "HEALTH", "EDU", "OTHER"].map((c) => option(c, `dialog.category.${c}`))),
      ),
      field("description", "dialog.description", { maxlength: 512 }),
    ]),
    (form) => {
      chosen.number = form.get("choice") || null;
      if (chosen.number) review();
      else numbers(Object.fromEntries(form));
    },
    "dialog.toStep3",
  );
}

function numbers(profile) {
  show(
    "PHONE_NUMBER_SETUP",
    "dialog.number",
    [
      field("phoneNumber", "phoneNumber", { required: true, inputmode: "tel", placeholder: "+81 3 1234 5678" }),
      el(
        "fieldset",
        {},
        el("legend", {}, t("dialog.how")),
        ...["SMS", "VOICE"].map((method, at) =>
          el(
            "label",
            { class: "choice" },
            el("input", { type: "radio", name: "method", value: method, checked: at === 0, "data-testid": `dialog-${method}` }),
            t(`dialog.method.${method}`),
          ),
        ),
      ),
      sandboxSelect("trouble", "dialog.numberIs", ["", "personal", "in_use", "no_voice"]),
    ],
    async (form) => {
      const { phoneNumberId } = await call("/numbers", { ...profile, ...Object.fromEntries(form), wabaId: chosen.waba, name: profile.name });
      const asked = { method: form.get("method"), trouble: form.get("trouble") };
      const { code } = await call(`/numbers/${phoneNumberId}/code`, asked);
      verify(phoneNumberId, code, asked);
    },
  );
}

function verify(id, code, asked) {
  const phone = el("p", { class: "phone", "data-testid": "dialog-phone" });
  const ring = (digits) => phone.replaceChildren(...(digits ? [t("dialog.phoneShows"), el("br"), el("strong", { "data-testid": "dialog-code-sent" }, digits)] : [t("dialog.nothingComes")]));
  ring(code);
  const again = (method) => async () => {
    try {
      ring((await call(`/numbers/${id}/code`, { ...asked, method })).code);
    } catch {
      phone.textContent = t("dialog.problem.too_many_codes");
    }
  };
  show(
    "PHONE_NUMBER_VERIFICATION",
    "dialog.verify",
    [
      phone,
      field("code", "dialog.code", { required: true, inputmode: "numeric", maxlength: 6, pattern: "[0-9]{6}", autocomplete: "one-time-code" }),
      el(
        "div",
        {},
        ...["SMS", "VOICE"].map((method) =>
          el("button", { type: "button", class: "button", onclick: again(method) }, t(`dialog.again.${method}`)),
        ),
      ),
    ],
    async (form) => {
      await call(`/numbers/${id}/verify`, { code: form.get("code") });
      chosen.number = id;
      review();
    },
  );
}

function review() {
  show(
    "REVIEW",
    "dialog.done",
    [el("p", {}, t("dialog.doneHint"))],
    async () => {
      const { code } = await call("/finish", { wabaId: chosen.waba, phoneNumberId: chosen.number, onPhoneApp: staysInApp });
      tell(staysInApp ? "FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING" : "FINISH", { phone_number_id: chosen.number, waba_id: chosen.waba, business_id: chosen.business });
      window.opener?.postMessage({ sandboxCode: code }, "*");
      window.close();
    },
    "dialog.ok",
  );
}

await useLanguage(firstLanguage());
known = await call("");
login();
