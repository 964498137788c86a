// Forms of the work on site: the device's place in hidden fields, fields that belong to one choice only, an end that
// moves with its start.
import { all, icon, make, on, one } from "../shared/dom";
import { say } from "../shared/words";

/** `data-geo="latitude"`, `"longitude"`, `"accuracy"`: filled as soon as their form appears; the form says how it went. */
function findPlace(form: HTMLFormElement): void {
  form.dataset["placed"] = "1";
  const line = make("p", { class: "x-place", role: "status" });
  const tell = (text: string, symbol: string, look: string): void => {
    line.className = `x-place ${look}`;
    line.replaceChildren(icon(symbol), make("span", {}, text));
  };
  const fields = one(".x-fields", form);
  fields?.before(line);
  const put = (name: string, value: number): void => {
    const field = one<HTMLInputElement>(`[data-geo="${name}"]`, form);
    if (field) field.value = String(value);
  };
  if (!("geolocation" in navigator) || !isSecureContext) return tell(say("placeNone"), "map-pin-off", "is-none");
  tell(say("placeSeeking"), "current-location", "");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      put("latitude", coords.latitude);
      put("longitude", coords.longitude);
      put("accuracy", Math.round(coords.accuracy));
      tell(say("placeFound", { m: Math.round(coords.accuracy) }), "map-pin-check", "is-found");
    },
    (error) => tell(say(error.code === error.PERMISSION_DENIED ? "placeDenied" : "placeNone"), "map-pin-off", "is-none"),
    { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 },
  );
}

/** `data-when="kind=photo note"` on a field: its row is there only while `kind` has one of these values. */
function showWhen(form: HTMLFormElement): void {
  for (const field of all("[data-when]", form)) {
    const [name = "", values = ""] = (field.dataset["when"] ?? "").split("=");
    const chosen = one<HTMLInputElement>(`[name="${CSS.escape(name)}"]:checked, select[name="${CSS.escape(name)}"]`, form);
    const row = field.closest<HTMLElement>(".x-field");
    if (row) row.hidden = !values.split(" ").includes(chosen?.value ?? "");
  }
}

const stamp = (text: string): number => Date.parse(`${text}Z`);
const before = new WeakMap<HTMLInputElement, number>();

/** `data-follows="starts_at"`: when the start moves, this end moves by as much. */
function follow(start: HTMLInputElement): void {
  const was = before.get(start);
  const is = stamp(start.value);
  if (Number.isNaN(is)) return;
  before.set(start, is);
  if (was === undefined || !start.form) return;
  for (const end of all<HTMLInputElement>(`[data-follows="${CSS.escape(start.name)}"]`, start.form)) {
    const at = stamp(end.value);
    if (!Number.isNaN(at)) end.value = new Date(at + is - was).toISOString().slice(0, 16);
  }
}

export function startWork(): void {
  const look = (): void => {
    for (const field of all<HTMLInputElement>('[data-geo="latitude"]')) {
      if (field.form && !field.form.dataset["placed"]) findPlace(field.form);
    }
    for (const form of all<HTMLFormElement>("form:has([data-when])")) showWhen(form);
    for (const end of all<HTMLInputElement>("[data-follows]")) {
      const start = end.form?.elements.namedItem(end.dataset["follows"] ?? "");
      if (start instanceof HTMLInputElement && !before.has(start)) follow(start);
    }
  };
  look();
  document.addEventListener("htmx:after:swap", look);
  // Before htmx asks for the list: it shall see the end where it belongs.
  on("change", "input[type=datetime-local]", (input) => follow(input as HTMLInputElement), true);
  on("change", "form:has([data-when])", (form) => showWhen(form as HTMLFormElement));
}
