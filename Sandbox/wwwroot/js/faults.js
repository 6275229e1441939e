// The switches of the faults. Every change replaces the whole set at the Sandbox.
import { api } from "./api.js";
import { byId, el, keep, toast } from "./dom.js";
import { duration, language, t } from "./i18n.js";
import { changed, onChange, store } from "./store.js";

const hours = [0, 1, 6, 12, 22, 25, 48, 72];
const codes = [131000, 130429, 131056, 131026, 131049, 131047, 131031, 190];

async function change(edit) {
  const next = structuredClone(store.faults);
  edit(next);
  try {
    store.faults = await api.setFaults(next);
  } catch (problem) {
    toast(t("failedToSend", { reason: problem.message }));
  }
  changed("faults");
}

const card = (title, ...children) => el("section", { class: "card" }, el("h3", {}, title), ...children);

const field = (label, control) => el("label", { class: "field" }, el("span", {}, label), control);

function onOff(name, label, isOn, edit) {
  const box = el("input", { type: "checkbox", class: "switch", role: "switch", "data-testid": `fault-${name}` });
  box.checked = isOn;
  box.addEventListener("change", () => change((faults) => edit(faults, box.checked)));
  return field(label, box);
}

function choice(name, label, options, value, choose) {
  const select = el(
    "select",
    { "data-testid": `fault-${name}` },
    ...options.map(([key, text]) => el("option", { value: key }, text)),
  );
  select.value = value;
  select.addEventListener("change", () => choose(select.value));
  return field(label, select);
}

function webhookCard({ webhooks }) {
  const late = el("input", { type: "number", min: "0", max: "600", step: "1", "data-testid": "fault-delay" });
  late.value = String(webhooks.delayMs / 1000);
  late.addEventListener("change", () =>
    change((faults) => (faults.webhooks.delayMs = Math.round(Math.max(0, Number(late.value) || 0) * 1000))),
  );
  return card(
    t("f.webhooks"),
    onOff("drop", t("f.drop"), webhooks.drop !== 0, (f, on) => (f.webhooks.drop = on ? "all" : 0)),
    onOff("webhook-hold", t("f.hold"), webhooks.hold, (f, on) => (f.webhooks.hold = on)),
    onOff("duplicate", t("f.duplicate"), webhooks.duplicate > 0, (f, on) => (f.webhooks.duplicate = on ? 1 : 0)),
    onOff("reorder", t("f.reorder"), webhooks.reorder, (f, on) => (f.webhooks.reorder = on)),
    onOff("batch", t("f.batch"), webhooks.batch > 1, (f, on) => (f.webhooks.batch = on ? 10 : 0)),
    field(t("f.delay"), late),
  );
}

let times = "1";

function ruleOf(value) {
  if (value === "normal") return [];
  const often = times === "1" ? { times: 1 } : {};
  if (value.startsWith("error:")) return [{ action: "error", code: Number(value.slice(6)), ...often }];
  return [{ action: value, ...(value === "delay" ? { ms: 5000 } : {}), ...often }];
}

function valueOf(rule) {
  if (!rule || rule.times === 0) return "normal";
  return rule.action === "error" ? `error:${rule.code ?? 131000}` : rule.action;
}

function messageCard(faults) {
  const rule = faults.messages[0];
  const value = valueOf(rule);
  const answers = [
    ["normal", t("f.normal")],
    ...codes.map((code) => [`error:${code}`, t("f.error", { code })]),
    ["timeoutAfterAccept", t("f.timeoutAfterAccept")],
    ["closeBeforeAccept", t("f.closeBeforeAccept")],
    ["closeAfterAccept", t("f.closeAfterAccept")],
    ["status500", t("f.status500")],
    ["delay", t("f.delay5")],
    ["hold", t("f.holdMessages")],
  ];
  // A rule set over the control API may hold a code that is not in the list.
  if (!answers.some(([key]) => key === value)) answers.push([value, t("f.error", { code: rule.code })]);
  return card(
    t("f.messages"),
    choice("messages", t("f.answer"), answers, value, (next) => change((f) => (f.messages = ruleOf(next)))),
    choice("times", t("f.times"), [["1", t("f.once")], ["all", t("f.always")]], times, (next) => {
      times = next;
      change((f) => (f.messages = ruleOf(valueOf(f.messages[0]))));
    }),
    onOff("token", t("f.tokenInvalid"), faults.tokenInvalid, (f, on) => (f.tokenInvalid = on)),
  );
}

function statusCard({ statuses }) {
  const failures = [["", t("f.nothing")], ...codes.map((code) => [String(code), t("f.error", { code })])];
  return card(
    t("f.statuses"),
    onOff("status-hold", t("f.statusHold"), statuses.hold, (f, on) => (f.statuses.hold = on)),
    onOff("skip-delivered", t("f.skipDelivered"), statuses.skipDelivered, (f, on) => (f.statuses.skipDelivered = on)),
    onOff("auto-read", t("f.autoRead"), statuses.autoRead, (f, on) => (f.statuses.autoRead = on)),
    choice("fail-with", t("f.failWith"), failures, String(statuses.failWith ?? ""), (next) =>
      change((f) => (f.statuses.failWith = next ? Number(next) : null)),
    ),
  );
}

function mediaCard({ media }) {
  return card(
    t("f.media"),
    onOff("media-503", t("f.status503"), media.status503, (f, on) => (f.media.status503 = on)),
    onOff("media-404", t("f.failDownload"), media.failDownload !== 0, (f, on) => (f.media.failDownload = on ? "all" : 0)),
    onOff("media-hold", t("f.mediaHold"), media.hold, (f, on) => (f.media.hold = on)),
  );
}

function windowState() {
  const end = store.chat?.windowEnd ? new Date(store.chat.windowEnd) : null;
  const left = end ? end - new Date() : 0;
  const text = !end ? t("windowNever") : left > 0 ? t("windowOpen", { time: duration(left) }) : t("windowClosed");
  return el("span", { class: left > 0 ? "window-state" : "window-state closed", "data-testid": "window-state" }, text);
}

function chatCard() {
  const ages = hours.map((n) => [String(n), n === 0 ? t("now") : t("hoursAgo", { n })]);
  return card(
    t("thisChat"),
    el("div", { class: "field" }, el("span", {}, t("window")), windowState()),
    choice("hours-ago", t("writeAsOf"), ages, String(store.hoursAgo), (next) => {
      store.hoursAgo = Number(next);
      changed("faults");
    }),
  );
}

function show() {
  if (!store.faults) return;
  const minute = Math.floor(Date.now() / 60000);
  const key = [language(), store.faults, store.hoursAgo, times, store.chat?.windowEnd, minute];
  keep(byId("tab-faults"), key, () => [
    chatCard(),
    el(
      "div",
      { class: "buttons" },
      el("button", { type: "button", class: "button", "data-testid": "faults-clear", onclick: () => change(clear) }, t("allNormal")),
      el("button", { type: "button", class: "button", "data-testid": "faults-release", onclick: release }, t("release")),
    ),
    messageCard(store.faults),
    webhookCard(store.faults),
    statusCard(store.faults),
    mediaCard(store.faults),
  ]);
}

function clear(faults) {
  for (const part of Object.keys(faults)) delete faults[part];
}

async function release() {
  store.faults = await api.release();
  changed("faults");
}

export function startFaults() {
  onChange(show);
  setInterval(show, 30_000);
}
