// Commanding a charge point, and following what becomes of it.
import { get, of, send } from "../api.js";
import { el, fill, notice } from "../dom.js";
import { pretty, time } from "../format.js";

const wait = 20; // seconds for which one request waits for the fate of a command: it is told as it happens
const final = ["accepted", "rejected", "callError", "invalidResult", "timedOut", "expired", "cancelled"];

/** Places an order at a path of the charge point. onState is told of each command as it goes on. */
export async function place(id, path, body, onState = () => {}) {
  const said = await send("POST", of(id, `/${path}`), body);
  const commands = said.commands ?? [said];
  for (const command of commands) onState(command);
  return Promise.all(commands.map((command) => follow(id, command, onState)));
}

async function follow(id, command, onState) {
  let now = command;
  for (let looks = 0; !final.includes(now.state) && looks < 45 && !document.hidden; looks++) {
    now = await get(of(id, `/commands/${command.commandId}`), { wait });
    onState(now);
  }
  return now;
}

/** A button that orders something at once, and says what became of it at the edge of the page. */
export async function operate(id, path, body, button) {
  button.disabled = true;
  try {
    for (const command of await place(id, path, body)) {
      notice(`${command.action}: ${words(command)}`, command.state === "accepted" ? "good" : "bad");
    }
  } catch (error) {
    notice(error.message, "bad");
  } finally {
    button.disabled = false;
  }
}

/** The fate of a command in words. */
export function words(command) {
  const said = command.result?.status ?? command.errorDescription ?? command.errorCode;
  const text = {
    queued: "it waits for its turn", sent: "it was sent, and is not answered yet", accepted: "the charge point agreed", rejected: "the charge point did not agree",
    callError: "the charge point could not process it", invalidResult: "the charge point's answer breaks its schema", timedOut: "the charge point did not answer in time",
    expired: "it could not be sent in time", cancelled: "it was taken back",
  }[command.state] ?? command.state;
  return said ? `${text} (${said})` : text;
}

/** A command with everything that is known of it. */
export function commandCard(command) {
  return el("details", { class: "command", "data-state": command.state, open: !final.includes(command.state) },
    el("summary", {}, el("span", { class: `state ${mood(command.state)}` }, command.state), ` ${command.action} `,
      el("span", { class: "quiet" }, `${words(command)}${command.createdAt ? ` — ${time(command.createdAt)}, by ${command.operation ?? command.origin}` : ""}`)),
    el("div", { class: "frames" },
      command.payload ? el("div", {}, el("h4", {}, "What was asked"), el("pre", {}, pretty(command.payload))) : null,
      command.result ? el("div", {}, el("h4", {}, "What it answered"), el("pre", {}, pretty(command.result))) : null,
      command.errorCode ? el("div", {}, el("h4", {}, "Its error"), el("pre", {}, pretty({ code: command.errorCode, description: command.errorDescription, details: command.errorDetails }))) : null));
}

export const mood = (state) => ({ accepted: "connected", queued: "waiting", sent: "waiting", cancelled: "offline", expired: "offline" })[state] ?? "faulted";

/** A list of commands that are being followed, the newest first; add(command) adds or renews one. */
export function followed() {
  const cards = new Map();
  const element = el("div", { class: "fates", "aria-live": "polite" });
  return {
    element,
    add(command) {
      cards.delete(command.commandId);
      cards.set(command.commandId, command);
      fill(element, [...cards.values()].reverse().map(commandCard));
    },
  };
}
