/** What every error of the SDK and of the server says. */
export interface ErrorModel {
  /** A stable code, for programs. */
  code?: string | number;
  /** Equal to the code, for most errors. */
  name?: string;
  /** What happened and what helps, for people. */
  message?: string;
  /** More about the cause. */
  details?: string;
}

/** The one error type of `CometChat`: a stable `code` for programs, a `message` in words for people. */
export class CometChatException extends Error {
  /** A stable code, e.g. `ERR_UID_NOT_FOUND`. */
  code: string | number;
  /** More about the cause, where there is more. */
  details: string;

  /** An error of the given model; what it leaves open gets a general value. */
  constructor(error: ErrorModel) {
    const message = error.message ?? 'Something went wrong.';
    super(message);
    // An Error's own message is not enumerable: this way it is logged, copied and sent with the rest.
    Object.defineProperty(this, 'message', { value: message, enumerable: true, writable: true, configurable: true });
    this.code = error.code ?? 'GENERIC_EXCEPTION';
    this.name = error.name ?? String(this.code);
    this.details = error.details ?? '';
  }

  /** The stable code, for programs. */
  getCode(): string | number {
    return this.code;
  }
  /** Equal to the code, for most errors. */
  getName(): string {
    return this.name;
  }
  /** What happened and what helps, for people. */
  getMessage(): string {
    return this.message;
  }
  /** More about the cause; empty where there is none. */
  getDetails(): string {
    return this.details;
  }
}

/** The error type of `CometChatCalls`; the same shape. */
export class CometChatCallsException extends CometChatException {}

/** Errors the SDK raises by itself, before or without asking the server, with their words. */
const CLIENT_ERRORS = {
  NOT_INITIALIZED: 'Call CometChat.init() and wait for it before anything else.',
  COMETCHAT_INITIALIZATION_NOT_DONE: 'Call CometChatCalls.init() and wait for it before anything else.',
  NOT_LOGGED_IN: 'Log in before starting a call.',
  USER_NOT_LOGGED_IN: 'Log in first.',
  USER_NOT_AUTHORISED: 'The login is no longer valid. Log in again.',
  LOGIN_IN_PROGRESS: 'A login is already under way. Wait for it to finish.',
  CALL_ALREADY_INITIATED: 'There is already a call that was started from here. End it first.',
  CALL_IN_PROGRESS: 'There is already a call in progress.',
  SESSION_ID_REQUIRED: 'A session id is required.',
  CALL_SETTINGS_REQUIRED: 'Call settings are required.',
  JWT_NOT_FOUND: 'A call token is required. Get one from generateToken().',
  WS_CONNECTION_FAIL: 'There is no connection to the server at the moment. Try again in a few seconds.',
  WS_CONNECTION_LOST: 'The connection was lost before the server answered. Try again.',
  WS_AUTH_FAIL: 'The server did not accept this login. Log in again.',
  REQUEST_TIMEOUT: 'The server did not answer in time. Try again.',
  NO_INTERNET_CONNECTION: 'This device is offline.',
  FAILED_TO_FETCH: 'The server could not be reached.',
  ERROR_INVALID_SESSIONID: 'This session id is not valid.',
  INVALID_ARGUMENT_EXCEPTION: 'An argument is missing or of the wrong type.',
  INVALID_CALL_APP_SETTINGS: 'The app settings for calls are missing or incomplete.',
  INVALID_CALL_SETTINGS: 'The call settings are missing or not built with CallSettingsBuilder.',
  INVALID_PRESENTER_SETTINGS: 'The presenter settings are missing or not built with PresenterSettingsBuilder.',
  ERROR_PRESENTER_MODE: 'The presentation could not be joined.',
  GENERIC_EXCEPTION: 'Something went wrong.',
  API_ERROR: 'The server refused the request.',
  UNKNOWN_API_ERROR: 'The server refused the request.',
  AUTH_ERR_AUTH_TOKEN_NOT_FOUND: 'The auth token is not valid. Log in again.',
  ERR_NO_SESSION: 'There is no running session.',
  ERR_SESSION_ENDED: 'The session ended before it was joined.',
  ERR_MEDIA_UNSUPPORTED: 'This browser cannot make calls. Use a current Chrome, Edge, Firefox or Safari.',
  ERR_OUTPUT_NOT_CHOOSABLE:
    'This browser plays sound where the system says. Choose the loudspeaker in the system settings.',
  ERR_MEDIA_FAILED: 'Sound and video could not be connected. A firewall may block the call.',
} as const;

/** The codes of {@link clientError}. */
export type ClientErrorCode = keyof typeof CLIENT_ERRORS;

/** The error model of a client-side code, as `CometChat.CALL_ERROR` publishes some of them. */
export function clientErrorModel(code: ClientErrorCode): Required<ErrorModel> {
  return { code, name: code, message: CLIENT_ERRORS[code], details: '' };
}

/** An error the SDK raises by itself. */
export function clientError(code: ClientErrorCode, details = ''): CometChatException {
  return new CometChatException({ ...clientErrorModel(code), details });
}

/** An argument was not given: `{param}_IS_COMPULSORY`. */
export function missingArgument(param: string): CometChatException {
  const code = `${param.toUpperCase()}_IS_COMPULSORY`;
  return new CometChatException({ code, name: code, message: `${param} is required.` });
}

/** An argument has a wrong value: `INVALID_{param}`. */
export function invalidArgument(param: string, allowed: string): CometChatException {
  const code = `INVALID_${param.toUpperCase()}`;
  return new CometChatException({ code, name: code, message: `${param} is not valid: it has to be ${allowed}.` });
}

/** Whatever was thrown, as the SDK's own error type. */
export function asException(thrown: unknown): CometChatException {
  if (thrown instanceof CometChatException) return thrown;
  if (thrown instanceof Error) {
    return new CometChatException({ code: 'GENERIC_EXCEPTION', name: thrown.name, message: thrown.message });
  }
  return new CometChatException({ code: 'GENERIC_EXCEPTION', message: String(thrown) });
}

/** The same error under the name that `CometChatCalls` uses. */
export function asCallsException(thrown: unknown): CometChatCallsException {
  if (thrown instanceof CometChatCallsException) return thrown;
  const { code, name, message, details } = asException(thrown);
  return new CometChatCallsException({ code, name, message, details });
}

/** The errors that `CometChatCalls` raises by itself, as data. */
export const GENERAL_ERROR = {
  /** Nothing more is known. */
  GENERIC_EXCEPTION: clientErrorModel('GENERIC_EXCEPTION'),
  /** An argument is missing or of the wrong type. */
  INVALID_ARGUMENT_EXCEPTION: clientErrorModel('INVALID_ARGUMENT_EXCEPTION'),
  /** The server refused the request. */
  API_ERROR: clientErrorModel('API_ERROR'),
  /** The server refused the request, and its answer says no more. */
  UNKNOWN_API_ERROR: clientErrorModel('UNKNOWN_API_ERROR'),
  /** The app settings are missing or incomplete. */
  INVALID_CALL_APP_SETTINGS: clientErrorModel('INVALID_CALL_APP_SETTINGS'),
  /** The call settings are missing or not built with `CallSettingsBuilder`. */
  INVALID_CALL_SETTINGS: clientErrorModel('INVALID_CALL_SETTINGS'),
  /** The presenter settings are missing or not built with `PresenterSettingsBuilder`. */
  INVALID_PRESENTER_SETTINGS: clientErrorModel('INVALID_PRESENTER_SETTINGS'),
  /** The presentation could not be joined. */
  ERROR_PRESENTER_MODE: clientErrorModel('ERROR_PRESENTER_MODE'),
} as const;

/** Codes of the server that an app usually handles by itself. */
export const API_ERROR_CODES = {
  /** The login is no longer valid: log in again. */
  AUTH_ERR_AUTH_TOKEN_NOT_FOUND: 'AUTH_ERR_AUTH_TOKEN_NOT_FOUND',
} as const;
