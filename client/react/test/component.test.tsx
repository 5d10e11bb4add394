import { CometChat, CometChatCalls as Calls } from '@belfry/sdk';
import { act, StrictMode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CometChatCalls, useConnectionStatus } from '../src/index.js';

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

type View = NonNullable<ReturnType<typeof Calls.getSessionView>>;

let root: Root;
let host: HTMLElement;
let current: View | undefined;

beforeEach(() => {
  host = document.createElement('div');
  root = createRoot(host);
  current = undefined;
  vi.spyOn(Calls, 'startSession').mockImplementation(() => {
    current = {} as View;
    return Promise.resolve();
  });
  vi.spyOn(Calls, 'endSession').mockImplementation(() => (current = undefined));
  vi.spyOn(Calls, 'getSessionView').mockImplementation(() => current);
});

afterEach(() => act(() => root.unmount()));

const settings = new CometChatCalls.CallSettingsBuilder().build();
const render = (element: React.ReactNode) => act(() => root.render(element));

describe('CometChatCalls.Component', () => {
  it('starts the session in its own element, and ends it when it goes', () => {
    render(<CometChatCalls.Component callSettings={settings} callToken={{ token: 'jwt' }} />);
    expect(Calls.startSession).toHaveBeenCalledExactlyOnceWith('jwt', settings, host.firstChild);
    render(null);
    expect(Calls.endSession).toHaveBeenCalledTimes(1);
  });

  it('does not start over when only the settings object is new', () => {
    render(<CometChatCalls.Component callSettings={settings} callToken="jwt" />);
    render(
      <CometChatCalls.Component callSettings={new CometChatCalls.CallSettingsBuilder().build()} callToken="jwt" />,
    );
    expect(Calls.startSession).toHaveBeenCalledTimes(1);
  });

  it('starts another session with another token', () => {
    render(<CometChatCalls.Component callSettings={settings} callToken="one" />);
    render(<CometChatCalls.Component callSettings={settings} callToken="two" />);
    expect(vi.mocked(Calls.startSession).mock.calls.map(([token]) => token)).toEqual(['one', 'two']);
    expect(Calls.endSession).toHaveBeenCalledTimes(1);
  });

  it('has exactly one session in strict mode, which mounts twice', () => {
    render(
      <StrictMode>
        <CometChatCalls.Component callSettings={settings} callToken="jwt" />
      </StrictMode>,
    );
    expect(Calls.startSession).toHaveBeenCalledTimes(2);
    expect(Calls.endSession).toHaveBeenCalledTimes(1);
    expect(current).toBeDefined();
  });

  it('leaves a session alone that is not its own any more', () => {
    render(<CometChatCalls.Component callSettings={settings} callToken="jwt" />);
    current = {} as View; // the app started another one
    render(null);
    expect(Calls.endSession).not.toHaveBeenCalled();
  });

  it('survives a session that cannot be started', async () => {
    vi.mocked(Calls.startSession).mockRejectedValue(new Error('refused'));
    render(<CometChatCalls.Component callSettings={settings} callToken="jwt" />);
    await act(() => Promise.resolve());
    expect(host.firstChild).not.toBeNull();
  });
});

it('useConnectionStatus follows the connection', () => {
  let status = 'disconnected';
  const listeners = new Map<string, { onConnected?(): void }>();
  vi.spyOn(CometChat, 'getConnectionStatus').mockImplementation(() => status);
  vi.spyOn(CometChat, 'addConnectionListener').mockImplementation((id, l) => void listeners.set(id, l));
  vi.spyOn(CometChat, 'removeConnectionListener').mockImplementation((id) => void listeners.delete(id));
  const Status = () => <p>{useConnectionStatus()}</p>;
  render(<Status />);
  expect(host.textContent).toBe('disconnected');
  act(() => {
    status = 'connected';
    for (const listener of listeners.values()) listener.onConnected?.();
  });
  expect(host.textContent).toBe('connected');
  render(null);
  expect(listeners.size).toBe(0);
});
