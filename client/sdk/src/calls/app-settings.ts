interface CallAppFields {
  appId: string;
  region: string;
  host: string | undefined;
}

/** How `CometChatCalls.init` sets up; made by {@link CallAppSettingsBuilder}. */
export class CallAppSettings {
  /** Use {@link CallAppSettingsBuilder}. */
  constructor(private readonly fields: CallAppFields) {}

  getAppId(): string {
    return this.fields.appId;
  }
  getRegion(): string {
    return this.fields.region;
  }
  getHost(): string | undefined {
    return this.fields.host;
  }
}

/** Builds {@link CallAppSettings}; every method returns the builder. */
export class CallAppSettingsBuilder {
  private readonly fields: CallAppFields = { appId: '', region: '', host: undefined };

  setAppId(appId: string): this {
    this.fields.appId = appId;
    return this;
  }
  /** Kept for compatibility: a self-hosted server is told by its host. */
  setRegion(region: string): this {
    this.fields.region = region;
    return this;
  }
  /** The server's address; default: the one of `CometChat.init`, else where the page came from. */
  setHost(host: string): this {
    this.fields.host = host;
    return this;
  }
  build(): CallAppSettings {
    return new CallAppSettings({ ...this.fields });
  }
}
