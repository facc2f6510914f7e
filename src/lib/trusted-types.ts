/**
 * The app's one Trusted Types policy: under the relay's headers the browser takes HTML and addresses of scripts from nowhere else. It admits
 * - HTML from Solid's `template()` alone, into which the build has put `templateHtml`; the build fails where that is given anything but a literal
 *   (.ci/trusted-templates.ts), and test/architecture.test.ts where anyone else imports it;
 * - the addresses of our own two scripts beside the page.
 * A browser without Trusted Types gets the same strings, checked the same way.
 */
type Policy = { createHTML(html: string): string; createScriptURL(address: string): string };

/** As far as the app needs it: the browser's answer is an object that its types give as a string. */
type PolicyFactory = { createPolicy(name: string, rules: Policy): Policy };

const policyName = "aapen-dor";

/** The service worker, and the thread for the passphrase. While developing Vite serves the threads' sources, and names them for itself. */
const ownScript = import.meta.env.DEV ? /^\/(src|@fs)\// : /^\/(service-worker|assets\/argon2-worker-[\w-]+)\.js$/;

const rules: Policy = {
  createHTML: (html) => html,
  createScriptURL(address) {
    const { origin, pathname } = new URL(address, location.href);
    if (origin !== location.origin || !ownScript.test(pathname)) throw new TypeError(`not a script of ours: ${origin}${pathname}`);
    return address;
  },
};

const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
const policy = factory?.createPolicy(policyName, rules) ?? rules;

/** A literal of the compiled app, for the browser's parser. */
export const templateHtml = (html: string): string => policy.createHTML(html);

/**
 * The address of one of our own scripts, for `Worker` and for the registration of the service worker.
 * @throws {TypeError} when it is not one of them
 */
export const scriptUrl = (address: string): string => policy.createScriptURL(address);
