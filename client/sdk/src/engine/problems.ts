/** Media failures in words for people and codes for programs. */
import { CometChatException } from '../errors.js';

export type DeviceKind = 'microphone' | 'camera';

/** Why a device could not be opened, from the `DOMException` names of Media Capture and Streams §10. */
type Cause = 'REFUSED' | 'MISSING' | 'IN_USE' | 'INSECURE' | 'LOST';

function causeOf(thrown: unknown): Cause {
  const name = thrown instanceof Error ? thrown.name : '';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'REFUSED';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'MISSING';
    case 'InsecureContextError':
      return 'INSECURE';
    case 'DeviceLostError':
      return 'LOST';
    default:
      return 'IN_USE';
  }
}

function words(device: DeviceKind, cause: Cause): string {
  const switchOn = device === 'microphone' ? 'unmute' : 'turn the camera on';
  switch (cause) {
    case 'REFUSED':
      return `This page may not use the ${device}. Allow it in the browser's address bar, then ${switchOn}.`;
    case 'MISSING':
      return `No ${device} was found. Connect one, then ${switchOn}.`;
    case 'IN_USE':
      return `The ${device} could not be opened. Another program may be using it.`;
    case 'INSECURE':
      return `Browsers allow the ${device} only on https:// pages and on localhost.`;
    case 'LOST':
      return `The ${device} was disconnected.`;
  }
}

/** The error of a device that could not be opened; codes are `ERR_MICROPHONE_REFUSED`, `ERR_CAMERA_MISSING` and so on. */
export function deviceError(device: DeviceKind, thrown: unknown): CometChatException {
  const cause = causeOf(thrown);
  return new CometChatException({
    code: `ERR_${device.toUpperCase()}_${cause}`,
    message: words(device, cause),
    details: thrown instanceof Error ? thrown.message : String(thrown),
  });
}

/** The error of a screen that could not be shared, or undefined when the person only changed their mind. */
export function screenError(thrown: unknown): CometChatException | undefined {
  if (causeOf(thrown) === 'REFUSED') return undefined;
  return new CometChatException({
    code: 'ERR_SCREEN_FAILED',
    message: 'The screen could not be shared.',
    details: thrown instanceof Error ? thrown.message : String(thrown),
  });
}

/** An error with a name, to be told apart by {@link deviceError} like those of the browser. */
export function namedError(name: 'InsecureContextError' | 'DeviceLostError', message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}
