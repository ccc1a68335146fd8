// The commands that were given in this tab, so that the overview can tell which of them failed.

const kept = "ocpp-console-commands";
const most = 10;

export const recent = () => JSON.parse(sessionStorage.getItem(kept) ?? "[]");

export function remember(chargePointId, commandId) {
  sessionStorage.setItem(kept, JSON.stringify([{ chargePointId, commandId }, ...recent()].slice(0, most)));
}
