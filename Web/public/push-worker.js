// Shows what is pushed while no page of the console need be open. It keeps nothing and fetches nothing.

self.addEventListener('push', (event) => {
  let notice;
  try {
    notice = event.data.json();
  } catch {
    return;
  }
  event.waitUntil(
    self.registration.showNotification(String(notice.title), {
      body: String(notice.body ?? ''),
      // The same notice again takes the place of the one that is shown.
      tag: String(notice.tag),
      renotify: true,
      lang: String(notice.lang ?? ''),
      icon: '/favicon.svg',
      data: { path: String(notice.path ?? '/') },
    }),
  );
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  // Only places of the console itself.
  const target = new URL(event.notification.data?.path ?? '/', self.location.origin);
  if (target.origin !== self.location.origin) return;
  event.waitUntil(
    (async () => {
      const open = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
      const [first] = open.filter((client) => new URL(client.url).origin === self.location.origin);
      if (!first) return self.clients.openWindow(target.href);
      await first.focus();
      // A page that is open goes there by itself, and keeps what was being written.
      first.postMessage({ type: 'threadkeep-open', path: target.pathname + target.search });
    })(),
  );
});
