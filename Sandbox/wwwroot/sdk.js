// Plays Meta's JavaScript SDK, as far as embedded signup needs it: FB.init and FB.login. The pop-up is the Sandbox's own dialog.
(() => {
  const origin = new URL(document.currentScript.src).origin;
  let app = {};

  function login(callback, { config_id: configuration, extras = {} } = {}) {
    const query = new URLSearchParams({ client_id: app.appId, config_id: configuration ?? "", feature: extras.featureType ?? "" });
    const dialog = window.open(`${origin}/dialog.html?${query}`, "sandbox-signup", "popup,width=520,height=720");
    if (!dialog) {
      callback({ status: "unknown", authResponse: null });
      return;
    }
    const end = (response) => {
      window.removeEventListener("message", listen);
      clearInterval(watch);
      callback(response);
    };
    // The session's words (WA_EMBEDDED_SIGNUP) go to the page itself; the code comes to the SDK alone.
    const listen = ({ origin: from, source, data }) => {
      if (from !== origin || source !== dialog || data?.sandboxCode === undefined) return;
      end({ status: "connected", authResponse: { code: data.sandboxCode } });
    };
    // Somebody may close the window.
    const watch = setInterval(() => {
      if (dialog.closed) end({ status: "unknown", authResponse: null });
    }, 400);
    window.addEventListener("message", listen);
  }

  window.FB = {
    init: (settings) => {
      app = settings;
    },
    login,
  };
  window.fbAsyncInit?.();
})();
