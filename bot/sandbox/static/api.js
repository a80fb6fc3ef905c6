// Calls the sandbox's API as one person.

export class Refused extends Error {}

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(body.error || `The sandbox answered ${response.status}`);
  return body;
}

async function get(path, query) {
  return answer(await fetch(`/sandbox/${path}?${new URLSearchParams(query)}`));
}

async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  return answer(await fetch(`/sandbox/${path}`, { method: "POST", headers, body: JSON.stringify(body) }));
}

/** The calls of person `as`. Each function returns the sandbox's JSON, or throws Refused with the reason. */
export function connect(as) {
  const mine = (path) => (body) => post(path, { as, ...body });
  return {
    state: () => get("state", { as }),
    messages: (channel, after = "") => get("messages", { as, channel, after }),
    views: () => get("views", { as }),
    openHome: mine("home"),
    say: mine("message"),
    command: mine("command"),
    shortcut: mine("shortcut"),
    action: mine("action"),
    options: mine("options"),
    submit: mine("submit"),
    close: mine("close"),
    upload: mine("upload"),
    forward: (seconds) => post("clock", { forward_seconds: seconds }),
    listen: (onEvent, onConnection) => listen(as, onEvent, onConnection),
  };
}

function listen(as, onEvent, onConnection) {
  const stream = new EventSource(`/sandbox/events?${new URLSearchParams({ as })}`);
  stream.onmessage = (event) => onEvent(JSON.parse(event.data));
  stream.onopen = () => onConnection(true);
  stream.onerror = () => onConnection(false);
  return () => stream.close();
}

/** A file as the sandbox's API takes it. */
export function base64Of(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
