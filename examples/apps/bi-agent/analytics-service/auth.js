// Who may do what: JSON Web Tokens signed with HS256, each with one of three roles; a higher role may all that a lower may.
import { createHmac, timingSafeEqual } from "node:crypto";

export const ROLES = ["viewer", "analyst", "admin"];

/** A request that is not let in; the message says why, never what was sent. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Returns who asks, or throws Refused unless the role is enough. */
export function authorize(settings, authorization, needed, now = Date.now()) {
  if (!settings.RBAC_ENABLED) return { sub: "anyone", role: "admin" };
  const [scheme, token] = (authorization ?? "").split(" ");
  const who = /^bearer$/i.test(scheme) && token ? verify(settings.JWT_SECRET, token, now) : { sub: "anonymous", role: settings.RBAC_DEFAULT_ROLE };
  if (!ROLES.includes(who.role)) throw new Refused(401, "a credential is required: 'Authorization: Bearer <token>'");
  if (ROLES.indexOf(who.role) < ROLES.indexOf(needed)) throw new Refused(403, `the role '${who.role}' may not do this; it takes '${needed}'`);
  return who;
}

/** Returns a token for a person in a role. */
export function issue(settings, sub, role, now = Date.now()) {
  const seconds = Math.floor(now / 1000);
  const signed = [{ alg: "HS256", typ: "JWT" }, { sub, role, iat: seconds, exp: seconds + settings.JWT_EXPIRES_IN_SECONDS }].map(encode).join(".");
  return `${signed}.${signature(settings.JWT_SECRET, signed)}`;
}

function verify(secret, token, now) {
  const [header, claims, given] = token.split(".");
  const expected = Buffer.from(signature(secret, `${header}.${claims}`));
  const actual = Buffer.from(given ?? "");
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) throw new Refused(401, "the token's signature does not match");
  let read;
  try {
    read = [header, claims].map((part) => JSON.parse(Buffer.from(part, "base64url")));
  } catch {
    throw new Refused(401, "the token is malformed");
  }
  if (read[0].alg !== "HS256") throw new Refused(401, "the token is not signed with HS256");
  if (!(read[1].exp > now / 1000)) throw new Refused(401, "the token has expired");
  return read[1];
}

function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function signature(secret, text) {
  return createHmac("sha256", secret).update(text).digest("base64url");
}
