import { missingArgument } from '../errors.js';
import { requireClient } from './current.js';

/** Where a push token comes from. */
export const PUSH_PLATFORMS = {
  FCM_WEB: 'fcm_web',
  FCM_ANDROID: 'fcm_android',
  FCM_IOS: 'fcm_ios',
  FCM_FLUTTER_ANDROID: 'fcm_flutter_android',
  FCM_FLUTTER_IOS: 'fcm_flutter_ios',
  FCM_REACT_NATIVE_ANDROID: 'fcm_react_native_android',
  FCM_REACT_NATIVE_IOS: 'fcm_react_native_ios',
  APNS_IOS_DEVICE: 'apns_ios_device',
  APNS_IOS_VOIP: 'apns_ios_voip',
  APNS_FLUTTER_DEVICE: 'apns_flutter_device',
  APNS_FLUTTER_VOIP: 'apns_flutter_voip',
  APNS_REACT_NATIVE_DEVICE: 'apns_react_native_device',
  APNS_REACT_NATIVE_VOIP: 'apns_react_native_voip',
} as const;

export type PushPlatform = (typeof PUSH_PLATFORMS)[keyof typeof PUSH_PLATFORMS];

/** Push tokens of this device: where to wake it when it rings and no socket is open. */
export class CometChatNotifications {
  static readonly PushPlatforms = PUSH_PLATFORMS;

  /** Tells the server where to push. */
  static async registerPushToken(
    pushToken: string,
    platform: PushPlatform = PUSH_PLATFORMS.FCM_WEB,
    providerId?: string,
  ): Promise<string> {
    if (!pushToken) throw missingArgument('pushToken');
    await requireClient().post('/v1/me/push_tokens', {
      token: pushToken,
      platform,
      ...(providerId === undefined ? {} : { providerId }),
    });
    return 'Push token registered.';
  }
}
