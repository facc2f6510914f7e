import { readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";
import solid from "vite-plugin-solid";
import { VitePWA } from "vite-plugin-pwa";
import { trustedTemplates } from "./.ci/trusted-templates.ts";

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")) as { version: string };

export default defineConfig({
  define: { "import.meta.env.VITE_APP_VERSION": JSON.stringify(version) },
  plugins: [
    solid(),
    trustedTemplates(),
    VitePWA({
      strategies: "injectManifest",
      srcDir: "src",
      filename: "service-worker.ts",
      injectRegister: false,
      injectManifest: { globPatterns: ["**/*.{js,css,html,svg,woff2,woff,png,wasm}"], maximumFileSizeToCacheInBytes: 4 * 1024 * 1024 },
      manifest: {
        id: "/",
        name: "Åpen dør",
        short_name: "Åpen dør",
        description: "Drøftinger og skolebesøk, også uten nett.",
        lang: "nb",
        start_url: "/",
        scope: "/",
        display: "standalone",
        orientation: "any",
        background_color: "#f7f3ea",
        theme_color: "#f7f3ea",
        icons: [
          { src: "/icon-192.png", sizes: "192x192", type: "image/png" },
          { src: "/icon-512.png", sizes: "512x512", type: "image/png" },
          { src: "/maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
        ],
      },
    }),
  ],
  build: { target: "es2022", sourcemap: false, assetsInlineLimit: 0 },
  worker: { format: "es" },
  server: { proxy: { "/v1": "http://127.0.0.1:4180" } },
  test: {
    include: ["src/**/*.test.{ts,tsx}", "sync-server/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["node_modules/**", "test/e2e/**", "dist/**"],
    environment: "node",
    globalSetup: "test/support/with-postgres.ts",
    // A bound against hanging, not a measure of speed: two cores may be busy with other things.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
