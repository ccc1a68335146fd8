// Who may charge.
import { get, send } from "../api.js";
import { mayOperate } from "../auth.js";
import { ask, el, field, fill, notice, table } from "../dom.js";
import { time } from "../format.js";
import { problemLine } from "../problems.js";
import { refreshing } from "../refresh.js";

const types = ["", "Central", "eMAID", "ISO14443", "ISO15693", "KeyCode", "Local", "MacAddress"];

export function tokensPage(root) {
  const problem = problemLine();
  const search = el("input", { type: "search", placeholder: "id token or group, as far as it is read", "aria-label": "Search", oninput: () => draw() });
  const list = el("div", {});
  const more = el("button", { type: "button", hidden: true, onclick: () => readMore() }, "More");
  let first = [];
  let rest = [];
  let cursor = "";

  const draw = () => {
    const word = search.value.toLowerCase();
    const found = [...first, ...rest].filter((t) => !word || `${t.idToken} ${t.groupId ?? ""}`.toLowerCase().includes(word));
    fill(list, table("Id tokens", ["Id token", "Status", "Type", "Group", "Valid until", "Actions"], found.map((t) => [
      t.idToken, el("span", { class: `state ${t.status === "Accepted" ? "connected" : "faulted"}` }, t.status), t.type ?? "", t.groupId ?? "", t.expiresAt ? time(t.expiresAt) : "no end",
      mayOperate() ? el("span", { class: "buttons" },
        el("button", { type: "button", onclick: () => put({ ...t, status: t.status === "Accepted" ? "Blocked" : "Accepted" }) }, t.status === "Accepted" ? "Block" : "Accept"),
        el("button", { type: "button", onclick: () => edit(t) }, "Change"), el("button", { type: "button", class: "danger", onclick: () => remove(t) }, "Delete")) : "",
    ]), "There are none."));
    more.hidden = cursor === "";
  };
  const reading = refreshing(60, async (signal) => {
    const page = await get("/tokens?limit=200", { signal });
    first = page.tokens;
    if (rest.length === 0) cursor = page.nextCursor ?? "";
    draw();
  }, problem.source());
  async function readMore() {
    const page = await get(`/tokens?limit=200&cursor=${encodeURIComponent(cursor)}`);
    rest.push(...page.tokens);
    cursor = page.nextCursor ?? "";
    draw();
  }
  async function put(token) {
    try {
      await send("PUT", "/tokens", token); // the body names it: a path could not name every one
      notice(`${token.idToken} is ${token.status}.`);
      reading.now();
    } catch (error) {
      notice(error.message, "bad");
    }
  }
  function edit(token) {
    const name = el("input", { value: token?.idToken ?? "", disabled: Boolean(token), maxlength: 36, name: "idToken", autocomplete: "off" });
    const status = el("select", {}, ["Accepted", "Blocked"].map((word) => el("option", { selected: word === token?.status }, word)));
    const type = el("select", {}, types.map((word) => el("option", { value: word, selected: word === (token?.type ?? "") }, word || "any")));
    const group = el("input", { value: token?.groupId ?? "", maxlength: 36, autocomplete: "off" });
    const until = el("input", { type: "datetime-local", value: token?.expiresAt ? token.expiresAt.slice(0, 16) : "" });
    ask(token ? `Change ${token.idToken}` : "New id token", [
      field("Id token", name, "what the card says; upper and lower case mean the same"), field("Status", status), field("Type", type),
      field("Group", group, "tokens of one group may stop each other's transactions"), field("Valid until (UTC)", until, "left out: without an end"),
    ], "Save", async () => {
      if (!name.value) throw new Error("The id token is missing.");
      const body = { idToken: name.value, status: status.value, type: type.value, groupId: group.value };
      if (until.value) body.expiresAt = `${until.value}:00Z`;
      await send("PUT", "/tokens", body);
      notice(`${name.value} is stored.`);
      reading.now();
    });
  }
  function remove(token) {
    ask(`Delete ${token.idToken}?`, el("p", {}, "It is then treated like every token that is not known. To refuse it for sure, block it."), "Delete", async () => {
      await send("DELETE", `/tokens?idToken=${encodeURIComponent(token.idToken)}`);
      rest = rest.filter((t) => t !== token);
      reading.now();
    });
  }

  fill(root, el("div", { class: "heading" }, el("h2", {}, "Id tokens"), mayOperate() ? el("button", { class: "primary", type: "button", onclick: () => edit(null) }, "New one") : null),
    problem.element, el("div", { class: "filters" }, search), list, more);
  return reading;
}
