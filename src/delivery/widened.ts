/** An array of numbers with room for `size` of them. */
export function widened<TArray extends Float64Array | Int32Array | Uint32Array | Uint8Array>(
  array: TArray,
  size: number,
): TArray {
  const wider = new (array.constructor as new (size: number) => TArray)(size);
  wider.set(array);
  return wider;
}
