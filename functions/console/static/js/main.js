// The frame of the console: signing in, the pages and their addresses, and what is at the foot of each.
import { calls, get, Problem } from "./api.js";
import { hasIssuer, mayOperate, signIn, signOut } from "./auth.js";
import { el, fill } from "./dom.js";
import { campaignPage } from "./pages/campaign.js";
import { campaignsPage } from "./pages/campaigns.js";
import { chargePointPage } from "./pages/chargepoint.js";
import { chargePointsPage } from "./pages/chargepoints.js";
import { overviewPage } from "./pages/overview.js";
import { tokensPage } from "./pages/tokens.js";
import { transactionPage } from "./pages/transaction.js";
import { transactionsPage } from "./pages/transactions.js";

// Addresses are fragments: the API of the same host has its own paths.
const pages = [
  { path: /^$/, title: "Overview", show: overviewPage },
  { path: /^charge-points$/, title: "Charge points", show: chargePointsPage },
  { path: /^charge-points\/([^/]+)(?:\/([a-z]+))?$/, title: "Charge point", show: chargePointPage },
  { path: /^transactions$/, title: "Transactions", show: transactionsPage },
  { path: /^transactions\/([^/]+)\/([^/]+)$/, title: "Transaction", show: transactionPage },
  { path: /^tokens$/, title: "Id tokens", show: tokensPage },
  { path: /^campaigns$/, title: "Campaigns", show: campaignsPage },
  { path: /^campaigns\/([^/]+)$/, title: "Campaign", show: campaignPage },
];
const entries = [["", "Overview"], ["charge-points", "Charge points"], ["transactions", "Transactions"], ["tokens", "Id tokens"], ["campaigns", "Campaigns"]];

const content = document.getElementById("content");
let leave = () => {};

function show() {
  leave();
  const [address] = location.hash.replace(/^#\/?/, "").split("?");
  const page = pages.find(({ path }) => path.test(address));
  fill(document.getElementById("pages"), entries.map(([to, name]) =>
    el("a", { href: `#/${to}`, "aria-current": to === address.split("/")[0] ? "page" : null }, name)));
  const root = el("div", {});
  fill(content, root);
  if (!page) {
    leave = () => {};
    fill(root, el("p", { class: "problem" }, "There is no such page."));
    return;
  }
  const parameters = page.path.exec(address).slice(1).map(decoded);
  document.title = `${[parameters[0], page.title].filter(Boolean).join(" · ")} · OCPP console`;
  leave = page.show(root, ...parameters) ?? (() => {});
}

// A part of an address; what is no proper escape stays as it is.
function decoded(part) {
  try {
    return part && decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** An error that nobody foresaw is shown, and the page goes on. */
function unforeseen(error) {
  if (error?.name === "AbortError") return;
  const notices = document.getElementById("notices");
  const note = el("p", { class: "notice bad" }, error instanceof Problem ? error.message : `Something went wrong in the page: ${error?.message ?? error}`);
  notices.append(note);
  setTimeout(() => note.remove(), 15000);
}

const counted = el("span", {});

function footer() {
  const minutes = Math.max(1, Math.round((Date.now() - calls.since) / 60000));
  counted.textContent = `${calls.all} calls of the HTTP API in ${minutes} min, ${calls.unchanged} of them unchanged. It costs nothing while the page is hidden.`;
}

async function start() {
  window.addEventListener("error", (event) => unforeseen(event.error ?? event.message));
  window.addEventListener("unhandledrejection", (event) => unforeseen(event.reason));
  try {
    if (!(await signIn())) return;
    await get("/health");
  } catch (error) {
    fill(content, error.status === 403 && !hasIssuer() ? signed() : [
      el("p", { class: "problem", role: "alert" }, error.message), el("button", { type: "button", onclick: () => location.reload() }, "Try again")]);
    return;
  }
  fill(document.getElementById("who"), !mayOperate() ? el("span", { class: "badge" }, "view only") : null,
    hasIssuer() ? el("button", { type: "button", onclick: signOut }, "Sign out") : null);
  window.addEventListener("hashchange", () => {
    show();
    content.focus({ preventScroll: true });
    scrollTo(0, 0);
  });
  show();
  fill(document.getElementById("footer"), el("p", { class: "quiet" }, counted, " ", el("a", { href: new URL("../vendor/LICENSES", import.meta.url).href }, "Licences")));
  footer();
  setInterval(() => { if (!document.hidden) footer(); }, 5000);
}

// A deployed stack whose calls are signed: no browser has the keys for that.
function signed() {
  return el("section", { class: "card" }, el("h2", {}, "This stack has no sign-in for people"),
    el("p", {}, "Its HTTP API takes calls that are signed with keys of AWS (SigV4), and a browser has none. To use the console, deploy the stack with an issuer of tokens, such as a user pool of Amazon Cognito:"),
    el("pre", {}, 'npx cdk deploy --context httpApiJwtIssuer=https://… \\\n  --context httpApiJwtAudience=… --context consoleClientId=…'),
    el("p", {}, "The issuer needs a public client with the authorization code flow and PKCE, this page as its redirect URL, and the scopes ocpp/read (may look) and ocpp/operate (may command)."),
    el("p", {}, "From then on the HTTP API takes tokens of that issuer in place of signatures. docs/console.md tells more."));
}

start();
