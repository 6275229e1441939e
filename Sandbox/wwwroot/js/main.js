import { api } from "./api.js";
import { startChatList } from "./chatlist.js";
import { startComposer, switchDraft } from "./composer.js";
import { startConversation } from "./conversation.js";
import { byId, el } from "./dom.js";
import { startFaults } from "./faults.js";
import { firstLanguage, language, languageName, otherLanguage, useLanguage } from "./i18n.js";
import { icon } from "./icons.js";
import { startLive } from "./live.js";
import { startLogs } from "./logs.js";
import { changed, onChange, store } from "./store.js";

const address = new URLSearchParams(location.search);

const fetchers = {
  async state() {
    const state = await api.state();
    const asked = store.number?.phoneNumberId ?? address.get("number");
    store.numbers = state.numbers;
    store.samples = state.samples;
    store.number = state.numbers.find((number) => number.phoneNumberId === asked) ?? state.numbers[0];
    showNumbers();
    changed("state");
  },
  async chats() {
    if (!store.number) await fetchers.state();
    store.chats = (await api.chats(store.number.phoneNumberId)).items;
    changed("chats");
  },
  async chat() {
    if (!store.number || !store.waId) return;
    const [number, waId] = [store.number.phoneNumberId, store.waId];
    const chat = await api.chat(number, waId);
    // Another chat may have been opened meanwhile.
    if (number !== store.number.phoneNumberId || waId !== store.waId) return;
    store.chat = chat;
    changed("chat");
    await readIfSeen();
  },
  async faults() {
    store.faults = await api.faults();
    changed("faults");
  },
  async webhooks() {
    store.webhooks = await api.webhooks();
    changed("webhooks");
  },
  async sent() {
    store.sent = await api.sent();
    changed("sent");
  },
};

// A chat counts as read only where it can be seen: not behind the list on a narrow screen, not in a hidden tab.
async function readIfSeen() {
  const seen = document.visibilityState === "visible" && byId("messages").offsetParent !== null;
  const fresh = store.chat?.items.some(
    (message) => message.direction === "outbound" && ["sent", "delivered"].includes(message.status),
  );
  if (seen && fresh) await api.open(store.number.phoneNumberId, store.waId);
}

function rememberAddress() {
  const query = new URLSearchParams(location.search);
  query.set("chat", store.waId ?? "");
  query.set("number", store.number.phoneNumberId);
  history.replaceState(null, "", "?" + query);
}

async function select(waId, reveal = true) {
  switchDraft(store.waId, waId);
  store.waId = waId;
  store.chat = null;
  if (reveal) document.body.dataset.screen = "chat";
  rememberAddress();
  changed("chats");
  await fetchers.chat();
}

function showNumbers() {
  const pick = byId("number");
  pick.closest("label").hidden = store.numbers.length < 2;
  pick.replaceChildren(
    ...store.numbers.map((number) =>
      el("option", { value: number.phoneNumberId }, `${number.verifiedName} ${number.displayPhoneNumber}`),
    ),
  );
  pick.value = store.number.phoneNumberId;
}

async function switchLanguage(code) {
  await useLanguage(code);
  byId("language").textContent = languageName(otherLanguage());
  changed("language");
}

function useTheme(theme) {
  document.documentElement.dataset.theme = theme;
}

function firstTheme() {
  const asked = address.get("theme") ?? localStorage.getItem("sandbox.theme");
  return asked ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}

function startFrame() {
  const icons = { back: "back", attach: "attach", send: "send", theme: "theme", "add-person": "add" };
  for (const [id, name] of Object.entries({ ...icons, "open-tools": "tools", "close-tools": "close" }))
    byId(id).append(icon(name));
  byId("signal").append(icon("wifi"), icon("battery"));
  byId("back").addEventListener("click", () => (document.body.dataset.screen = "list"));
  byId("open-tools").addEventListener("click", () => (document.body.dataset.tools = "open"));
  byId("close-tools").addEventListener("click", () => (document.body.dataset.tools = ""));
  byId("theme").addEventListener("click", () => {
    const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    localStorage.setItem("sandbox.theme", next);
    useTheme(next);
  });
  byId("language").addEventListener("click", () => {
    localStorage.setItem("sandbox.language", otherLanguage());
    switchLanguage(otherLanguage());
  });
  byId("number").addEventListener("change", async () => {
    store.number = store.numbers.find((number) => number.phoneNumberId === byId("number").value);
    store.chat = null;
    rememberAddress();
    await Promise.all([fetchers.chats(), fetchers.chat()]);
  });
  document.addEventListener("visibilitychange", readIfSeen);
  onChange((parts) => {
    for (const part of parts) if (part.startsWith("select:")) select(part.slice(7));
  });
}

useTheme(firstTheme());
startFrame();
startChatList();
startConversation();
startComposer();
startFaults();
startLogs();
await switchLanguage(firstLanguage());
await fetchers.state();
await fetchers.chats();
const asked = address.get("chat");
const first = store.chats.some((chat) => chat.waId === asked) ? asked : store.chats[0]?.waId;
// On a narrow screen the list comes first, unless the address names a chat.
if (first) await select(first, first === asked);
startLive(fetchers);
document.documentElement.dataset.ready = language();
