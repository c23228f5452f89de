// React 18 has no types for this entry; it is the one that works in dev, build, Node and Workers alike.
declare module 'react-dom/server.browser' {
  export { renderToReadableStream, renderToStaticMarkup } from 'react-dom/server';
}
