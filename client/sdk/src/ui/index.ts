/**
 * The default user interface of a call: a web component without a framework, drawn from an {@link EngineView}.
 */
import type { MountCallUi } from '../engine/view.js';
import { CALL_ELEMENT, defineCallElement } from './call-element.js';

export { type BelfryCallElement, CALL_ELEMENT, defineCallElement } from './call-element.js';
export { type CallStrings, ENGLISH } from './strings.js';

/** Draws the call into `host`, which gives it its size. */
export const mountCallUi: MountCallUi = (host, view, options) => {
  defineCallElement();
  const element = document.createElement(CALL_ELEMENT);
  host.append(element);
  element.start(view, options);
  return {
    dispose: () => {
      element.stop();
      element.remove();
    },
  };
};
