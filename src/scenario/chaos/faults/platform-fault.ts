/** What is done to instances, or to the platform itself. */
export type PlatformFault =
  | { readonly kind: 'instance.kill'; readonly count: number }
  | { readonly kind: 'instance.hang'; readonly count: number }
  | { readonly kind: 'platform.over_max'; readonly factor: number }
  | { readonly kind: 'platform.slow_start'; readonly delayMs: number }
  | { readonly kind: 'platform.fail_start' }
  | { readonly kind: 'platform.reject' };
