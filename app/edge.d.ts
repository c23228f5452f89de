/** build/server/index.js, by the alias of wrangler.toml: so that types do not depend on whether it is built. */
declare module 'virtual:remix/server-build' {
  import type { ServerBuild } from '@remix-run/cloudflare';
  import type * as application from '~/entry.server';

  export const entry: ServerBuild['entry'] & { readonly module: typeof application };
  export const mode: ServerBuild['mode'];
  export const routes: ServerBuild['routes'];
  export const assets: ServerBuild['assets'];
  export const publicPath: ServerBuild['publicPath'];
  export const assetsBuildDirectory: ServerBuild['assetsBuildDirectory'];
  export const future: ServerBuild['future'];
  export const isSpaMode: ServerBuild['isSpaMode'];
}
