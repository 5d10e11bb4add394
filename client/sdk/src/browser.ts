/** The build for a page's script tag: `CometChat` and `CometChatCalls` become globals. */
import { CometChatCalls } from './calls/calls.js';
import { CometChat } from './chat/cometchat.js';

Object.assign(globalThis, { CometChat, CometChatCalls });
