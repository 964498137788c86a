// One event stream a browser: the tab that holds the lock listens and tells the others. A frame names topics only;
// every element marked `data-live="orders"` then fetches itself again and is morphed, so focus and scroll stay.
// Each tab knows up to which position of events it has heard, beginning with that of its page: a tab that opens, or one
// that begins to listen, asks or says how far the listener is, and whoever lies behind loads everything again.
import htmx from "htmx.org";
import { all, one } from "../shared/dom";
import { say } from "../shared/words";

type Note = { topics?: string[]; state?: boolean; position?: number; ask?: boolean };
const waiting = new Map<HTMLElement, number>();
let channel: BroadcastChannel | null = null;
let heard = 0;
let leads = false;
let connected = false;
let late = false;

async function fetchAgain(element: HTMLElement): Promise<void> {
  if (!element.isConnected || !element.id) return;
  const url = element.dataset["liveUrl"] ?? location.pathname + location.search;
  const headers = { "HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": `div#${element.id}`, "X-Live": "1" };
  const answer = await fetch(url, { headers: { ...headers, "HX-Current-URL": location.href }, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const text = await answer.text();
  // What the person opened or ticked in the meantime is theirs: try again after they have finished.
  if (element.querySelector("details[open], dialog[open], [data-pick]:checked")) return schedule(element, 5000);
  const selector = `#${CSS.escape(element.id)}`;
  const whole = new DOMParser().parseFromString(text, "text/html").querySelector(selector);
  await htmx.swap({
    text,
    sourceElement: element,
    target: element,
    swap: whole ? "outerMorph" : "innerMorph",
    ...(whole ? { select: selector } : {}),
  });
}

/** Soon, once: frames that come while it waits are part of the same refresh, so a busy day cannot put it off for ever. */
function schedule(element: HTMLElement, wait = 300): void {
  if (waiting.has(element)) return;
  waiting.set(element, window.setTimeout(() => {
    waiting.delete(element);
    fetchAgain(element).catch(() => schedule(element, 15_000));
  }, wait));
}

/** Announces topics to the page: own listeners hear `anxiu:<topic>`, marked elements refresh. */
export function announce(topics: string[]): void {
  if (document.hidden) {
    late = true;
    return;
  }
  // `order.17` also tells the lists that show orders.
  topics = [...new Set(topics.flatMap((topic) => [topic, topic.split(".")[0] ?? topic]))];
  for (const topic of topics) document.dispatchEvent(new CustomEvent(`anxiu:${topic}`, { detail: { topic } }));
  for (const element of all("[data-live]")) {
    const wanted = (element.dataset["live"] ?? "").split(/\s+/);
    if (topics.includes("*") || wanted.some((topic) => topics.includes(topic))) schedule(element);
  }
}

function show(on: boolean): void {
  connected = on;
  const dot = one(".x-live");
  if (!dot) return;
  dot.classList.toggle("is-on", on);
  dot.classList.toggle("is-off", !on);
  dot.title = say(on ? "liveOn" : "liveOff");
}

function tell(note: Note): void {
  const position = note.position ?? 0;
  if (note.topics) announce(note.topics);
  else if (position > heard) announce(["*"]); // the listener was further on before this tab could hear it
  heard = Math.max(heard, position);
  if (note.state !== undefined) show(note.state);
}

/** How far the listener is: the answer to a tab that opened, and what a new listener begins with. */
function stand(): void {
  channel?.postMessage({ state: connected, position: heard } satisfies Note);
}

function received(note: Note): void {
  if (note.ask) {
    if (leads) stand();
  } else tell(note);
}

function listen(url: string): void {
  let pause = 1000;
  let broken = false;
  const open = (): void => {
    const stream = new EventSource(url);
    const send = (note: Note): void => {
      tell(note);
      channel?.postMessage(note);
    };
    stream.onopen = () => {
      pause = 1000;
      send({ state: true });
      if (broken) send({ topics: ["*"] });
      broken = false;
    };
    stream.onmessage = (event) => {
      const topics = (JSON.parse(event.data as string) as Note).topics ?? [];
      send({ topics, position: Number(event.lastEventId) || 0 });
    };
    stream.onerror = () => {
      broken = true;
      send({ state: false });
      if (stream.readyState !== EventSource.CLOSED) return;
      setTimeout(open, pause);
      pause = Math.min(pause * 2, 60_000);
    };
    window.addEventListener("pagehide", () => stream.close(), { once: true });
  };
  window.addEventListener("pageshow", (event) => event.persisted && open());
  leads = true;
  stand();
  open();
}

export function startLive(): void {
  const url = document.body.dataset["liveStream"];
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || !late) return;
    late = false;
    announce(["*"]);
  });
  if (!url) return;
  heard = Number(new URL(url, location.href).searchParams.get("since")) || 0;
  // Another login in this browser is another listener: it may see other things.
  const name = `anxiu-live-${document.body.dataset["liveFor"] ?? ""}`;
  if (!("BroadcastChannel" in window) || !("locks" in navigator)) return listen(url);
  channel = new BroadcastChannel(name);
  channel.onmessage = (event: MessageEvent<Note>) => received(event.data);
  // The lock is held until the tab closes; the next tab in the queue then takes over the stream.
  void navigator.locks.request(name, () => {
    listen(url);
    return new Promise<never>(() => undefined);
  });
  window.addEventListener("pageshow", (event) => event.persisted && !leads && announce(["*"]));
  show(true);
  channel.postMessage({ ask: true } satisfies Note);
}
