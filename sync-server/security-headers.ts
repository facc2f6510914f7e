const contentSecurityPolicy = [
  "default-src 'none'",
  // hash-wasm compiles WebAssembly for the passphrase.
  "script-src 'self' 'wasm-unsafe-eval'",
  // The app's own policy, and the one under which the editor reads what is pasted, in a document that is never shown.
  "trusted-types aapen-dor ProseMirrorClipboard",
  "require-trusted-types-for 'script'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** What no page of ours asks for, so that nothing that gets in can ask for it either. */
const permissions = [
  "accelerometer",
  "autoplay",
  "bluetooth",
  "camera",
  "display-capture",
  "encrypted-media",
  "geolocation",
  "gyroscope",
  "hid",
  "idle-detection",
  "local-fonts",
  "magnetometer",
  "microphone",
  "midi",
  "payment",
  "picture-in-picture",
  "serial",
  "usb",
  "window-management",
  "xr-spatial-tracking",
];

/** On every answer of the relay, the app's files and the API alike. */
export const securityHeaders: Readonly<Record<string, string>> = {
  "content-security-policy": contentSecurityPolicy,
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  // A page of another site shares no memory with ours, neither as its opener nor by taking in what is served here.
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "permissions-policy": permissions.map((name) => `${name}=()`).join(", "),
};
