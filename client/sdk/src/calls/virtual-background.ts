/** What `VirtualBackgroundBuilder` collects. Backgrounds themselves are not provided. */
export interface VirtualBackgroundFields {
  allowBackgroundBlur: boolean;
  allowUserImages: boolean;
  showDefaultImages: boolean;
  images: string[];
  /** 0 none, 1 weak, 2 strong. */
  enforceBackgroundBlur: 0 | 1 | 2;
  enforceBackgroundImage: string | undefined;
}

/** Kept for compatibility: settings of a feature that is not provided. Made by {@link VirtualBackgroundBuilder}. */
export class VirtualBackground {
  /** Use {@link VirtualBackgroundBuilder}. */
  constructor(readonly fields: Readonly<VirtualBackgroundFields>) {}

  shouldAllowBackgroundBlur(): boolean {
    return this.fields.allowBackgroundBlur;
  }
  shouldAllowUserImages(): boolean {
    return this.fields.allowUserImages;
  }
  shouldShowDefaultImages(): boolean {
    return this.fields.showDefaultImages;
  }
  getImages(): string[] {
    return this.fields.images;
  }
  getEnforcedBackgroundBlur(): 0 | 1 | 2 {
    return this.fields.enforceBackgroundBlur;
  }
  getEnforcedBackgroundImage(): string | undefined {
    return this.fields.enforceBackgroundImage;
  }
}

/** Builds {@link VirtualBackground}; every method returns the builder. */
export class VirtualBackgroundBuilder {
  private readonly fields: VirtualBackgroundFields = {
    allowBackgroundBlur: true,
    allowUserImages: true,
    showDefaultImages: true,
    images: [],
    enforceBackgroundBlur: 0,
    enforceBackgroundImage: undefined,
  };

  allowBackgroundBlur(allow: boolean): this {
    this.fields.allowBackgroundBlur = allow;
    return this;
  }
  allowUserImages(allow: boolean): this {
    this.fields.allowUserImages = allow;
    return this;
  }
  showDefaultImages(show: boolean): this {
    this.fields.showDefaultImages = show;
    return this;
  }
  setImages(images: string[]): this {
    this.fields.images = [...images];
    return this;
  }
  enforceBackgroundBlur(level: 0 | 1 | 2): this {
    this.fields.enforceBackgroundBlur = level;
    return this;
  }
  enforceBackgroundImage(url: string): this {
    this.fields.enforceBackgroundImage = url;
    return this;
  }
  build(): VirtualBackground {
    return new VirtualBackground({ ...this.fields });
  }
}
