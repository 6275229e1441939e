// What the page knows, and who wants to hear of changes.
export const store = {
  numbers: [],
  number: null, // the business number, as in /control/state
  samples: [],
  chats: [],
  chat: null, // the open one: {customer, items, windowEnd, typingUntil}
  waId: null,
  hoursAgo: 0,
  faults: null,
  webhooks: { pending: 0, items: [] },
  sent: { count: 0, items: [] },
};

const listeners = [];

export const onChange = (listener) => listeners.push(listener);

export function changed(...parts) {
  for (const listener of listeners) listener(parts);
}
