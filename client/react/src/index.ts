/**
 * React component and hooks for `@belfry/sdk`.
 *
 * @packageDocumentation
 */
import { CometChatCalls as Calls } from '@belfry/sdk';
import { CallComponent } from './component.js';

/** `CometChatCalls` of the SDK, with the component: `<CometChatCalls.Component callSettings={…} callToken={…} />`. */
export class CometChatCalls extends Calls {
  /** The call as a React component; the same as {@link CallComponent}. */
  static readonly Component = CallComponent;
}

export { CometChat } from '@belfry/sdk';
export { CallComponent, type CallComponentProps } from './component.js';
export { useCallToken, useConnectionStatus, useSessionSnapshot } from './hooks.js';
