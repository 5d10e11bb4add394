import { missingArgument } from '../errors.js';
import { requireClient } from './current.js';

/** Where a push token comes from. */
export const PUSH_PLATFORMS = {
  /** Firebase Cloud Messaging, a web page. The default. */
  FCM_WEB: 'fcm_web',
  /** Firebase Cloud Messaging, an Android app. */
  FCM_ANDROID: 'fcm_android',
  /** Firebase Cloud Messaging, an iOS app. */
  FCM_IOS: 'fcm_ios',
  /** Firebase Cloud Messaging, a Flutter app on Android. */
  FCM_FLUTTER_ANDROID: 'fcm_flutter_android',
  /** Firebase Cloud Messaging, a Flutter app on iOS. */
  FCM_FLUTTER_IOS: 'fcm_flutter_ios',
  /** Firebase Cloud Messaging, a React Native app on Android. */
  FCM_REACT_NATIVE_ANDROID: 'fcm_react_native_android',
  /** Firebase Cloud Messaging, a React Native app on iOS. */
  FCM_REACT_NATIVE_IOS: 'fcm_react_native_ios',
  /** Apple Push Notification service, an iOS app. */
  APNS_IOS_DEVICE: 'apns_ios_device',
  /** Apple Push Notification service for calls (PushKit), an iOS app. */
  APNS_IOS_VOIP: 'apns_ios_voip',
  /** Apple Push Notification service, a Flutter app. */
  APNS_FLUTTER_DEVICE: 'apns_flutter_device',
  /** Apple Push Notification service for calls (PushKit), a Flutter app. */
  APNS_FLUTTER_VOIP: 'apns_flutter_voip',
  /** Apple Push Notification service, a React Native app. */
  APNS_REACT_NATIVE_DEVICE: 'apns_react_native_device',
  /** Apple Push Notification service for calls (PushKit), a React Native app. */
  APNS_REACT_NATIVE_VOIP: 'apns_react_native_voip',
} as const;

/** A value of `CometChatNotifications.PushPlatforms`. */
export type PushPlatform = (typeof PUSH_PLATFORMS)[keyof typeof PUSH_PLATFORMS];

/** Push tokens of this device: where to wake it when it rings and no socket is open. */
export class CometChatNotifications {
  /** Where a push token comes from. */
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
