// Signing in at the stack's issuer: authorization code with PKCE (RFC 7636). The token is kept in this tab only.

const kept = "ocpp-console-token";
const begun = "ocpp-console-sign-in";
let configuration = { authorization: "iam" };
let session = null; // {token, expires, scopes}
let refreshToken = ""; // not kept: after a reload the issuer is asked again
let timer;
let leaving = false;

/** Finds out how this stack wants people to sign in, and does so. False: the browser is on its way to the issuer. */
export async function signIn() {
  const response = await fetch("/console/config.json", { cache: "no-store" });
  if (!response.ok) throw new Error(`The console's configuration cannot be read (${response.status}): reload the page in a moment.`);
  configuration = await response.json();
  if (configuration.authorization !== "jwt") return true;
  if (configuration.problem) throw new Error(configuration.problem);
  const parameters = new URLSearchParams(location.search);
  if (parameters.has("code") || parameters.has("error")) {
    await returned(parameters);
    return true;
  }
  session = JSON.parse(sessionStorage.getItem(kept));
  if (session && session.expires > Date.now()) return true;
  await leave();
  return false;
}

/** The access token for the next call; nothing where no token is needed. */
export const bearer = () => session?.token;

/** Does this stack have an issuer? */
export const hasIssuer = () => configuration.authorization === "jwt";

/** May the person command? The API decides; the page only hides what it would refuse. */
export const mayOperate = () => !hasIssuer() || (session?.scopes.includes("ocpp/operate") ?? false);

/** After a 401: the token is of no use any more. Several calls may find that out at once. */
export function signInAgain() {
  if (!hasIssuer() || leaving) return;
  leaving = true;
  sessionStorage.removeItem(kept);
  leave();
}

export function signOut() {
  sessionStorage.removeItem(kept);
  session = null;
  if (!configuration.endSessionEndpoint) {
    location.assign("/console");
    return;
  }
  const end = new URL(configuration.endSessionEndpoint);
  end.searchParams.set("client_id", configuration.clientId);
  end.searchParams.set("post_logout_redirect_uri", here());
  end.searchParams.set("logout_uri", here()); // what Amazon Cognito calls it
  location.assign(end);
}

const here = () => `${location.origin}/console`;

async function leave() {
  const verifier = random();
  const state = random();
  sessionStorage.setItem(begun, JSON.stringify({ verifier, state, hash: location.hash }));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const ask = new URL(configuration.authorizationEndpoint);
  const parameters = {
    response_type: "code", client_id: configuration.clientId, redirect_uri: here(), scope: configuration.scopes.join(" "),
    state, code_challenge: base64url(new Uint8Array(digest)), code_challenge_method: "S256",
  };
  if (configuration.audience) parameters.audience = configuration.audience;
  for (const [name, value] of Object.entries(parameters)) ask.searchParams.set(name, value);
  location.assign(ask);
}

async function returned(parameters) {
  const before = JSON.parse(sessionStorage.getItem(begun));
  sessionStorage.removeItem(begun);
  history.replaceState(null, "", `/console${before?.hash ?? ""}`);
  if (parameters.has("error")) {
    throw new Error(`You were not signed in: ${parameters.get("error_description") ?? parameters.get("error")}`);
  }
  if (!before || before.state !== parameters.get("state")) throw new Error("This sign-in was not begun in this tab: reload the page to begin one.");
  await take({ grant_type: "authorization_code", code: parameters.get("code"), redirect_uri: here(), code_verifier: before.verifier });
}

async function take(grant) {
  const response = await fetch(configuration.tokenEndpoint, {
    method: "POST", credentials: "omit", body: new URLSearchParams({ ...grant, client_id: configuration.clientId }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`The issuer gives no token: ${answer.error_description ?? answer.error ?? response.status}`);
  refreshToken = answer.refresh_token ?? refreshToken;
  const seconds = answer.expires_in ?? 300;
  session = { token: answer.access_token, expires: Date.now() + seconds * 1000, scopes: scopesOf(answer) };
  sessionStorage.setItem(kept, JSON.stringify(session));
  clearTimeout(timer);
  if (refreshToken) timer = setTimeout(renew, Math.max(10, seconds - 60) * 1000);
}

async function renew() {
  try {
    await take({ grant_type: "refresh_token", refresh_token: refreshToken });
  } catch {
    refreshToken = ""; // the token is used until it ends; the 401 then leads to the issuer
  }
}

function scopesOf(answer) {
  let claims = {};
  try {
    claims = JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(answer.access_token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0))));
  } catch {
    // A token need not be readable for the page; its answer then says what was granted.
  }
  const granted = claims.scope ?? claims.scp ?? answer.scope ?? "";
  return Array.isArray(granted) ? granted : granted.split(" ");
}

const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));
const base64url = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
