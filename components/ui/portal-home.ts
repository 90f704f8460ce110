/** Where what floats is put: into the page's main landmark, so that a screen reader's user finds it where they are. */
export function portalHome(): HTMLElement {
  return document.querySelector<HTMLElement>("main") ?? document.body
}
