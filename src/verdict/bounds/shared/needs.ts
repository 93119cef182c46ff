/**
 * Guards that every bound needs: what was planned was sent (V02), nobody changed what is judged (V06), the clients kept
 * to their policy (V11), and requests asked for what the service has (V13).
 */
export const always = ['V02', 'V06', 'V11', 'V13'] as const;
