package io.kerf.format;

import io.kerf.tensor.Encoding;
import io.kerf.tensor.Shape;
import io.kerf.tensor.StridedTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The names that a pickle of a state_dict may use, and what they make. */
final class TorchPickle implements PickleReader.Calls {
  private static final String ORDERED_DICT = "collections.OrderedDict";
  private static final String REBUILD_TENSOR = "torch._utils._rebuild_tensor_v2";
  private static final String REBUILD_PARAMETER = "torch._utils._rebuild_parameter";
  private static final Map<String, Encoding> STORAGES =
      Map.ofEntries(
          Map.entry("torch.DoubleStorage", Encoding.F64),
          Map.entry("torch.FloatStorage", Encoding.F32),
          Map.entry("torch.HalfStorage", Encoding.F16),
          Map.entry("torch.BFloat16Storage", Encoding.BF16),
          Map.entry("torch.LongStorage", Encoding.I64),
          Map.entry("torch.IntStorage", Encoding.I32),
          Map.entry("torch.ShortStorage", Encoding.I16),
          Map.entry("torch.CharStorage", Encoding.I8),
          Map.entry("torch.ByteStorage", Encoding.U8),
          Map.entry("torch.BoolStorage", Encoding.BOOL));

  private final FileRegion region;
  private final Map<String, TorchTensor.Storage> storages = new LinkedHashMap<>();

  TorchPickle(FileRegion region) {
    this.region = region;
  }

  /** Every storage that the pickle referred to, by key. */
  Map<String, TorchTensor.Storage> storages() {
    return storages;
  }

  @Override
  public boolean knows(String name) {
    return name.equals(ORDERED_DICT)
        || name.equals(REBUILD_TENSOR)
        || name.equals(REBUILD_PARAMETER)
        || STORAGES.containsKey(name);
  }

  @Override
  public Object call(String name, List<?> arguments) {
    return switch (name) {
      case ORDERED_DICT -> orderedDict(arguments);
      case REBUILD_TENSOR -> tensor(arguments);
      case REBUILD_PARAMETER -> argument(name, arguments, 0, TorchTensor.class);
      default -> throw region.wrong("the pickle calls '" + name + "'");
    };
  }

  /** ('storage', type, key, location, elements), and in old files a view of another storage. */
  @Override
  public Object load(List<?> id) {
    String what = "storage id";
    String kind = argument(what, id, 0, String.class);
    String type = argument(what, id, 1, PickleReader.Global.class).name();
    String key = argument(what, id, 2, String.class);
    long elements = argument(what, id, 4, Long.class);
    Encoding encoding = STORAGES.get(type);
    if (!kind.equals("storage") || encoding == null || elements < 0 || elements > 1L << 59) {
      throw region.wrong(
          "storage '%s' is a %s of %s with %d elements".formatted(key, kind, type, elements));
    }
    if (id.size() > 5 && id.get(5) != null) {
      throw region.wrong("storage '" + key + "' is a view of another, which is not understood");
    }
    TorchTensor.Storage storage = new TorchTensor.Storage(key, encoding, elements);
    TorchTensor.Storage known = storages.putIfAbsent(key, storage);
    if (known != null && !known.equals(storage)) {
      throw region.wrong("storage '" + key + "' is declared as " + known + " and as " + storage);
    }
    return storage;
  }

  private Map<Object, Object> orderedDict(List<?> arguments) {
    if (!arguments.isEmpty()) {
      throw region.wrong("an OrderedDict has arguments, where its items should follow");
    }
    return new LinkedHashMap<>();
  }

  /** (storage, offset, sizes, strides, requires_grad, backward_hooks, metadata). */
  private TorchTensor tensor(List<?> arguments) {
    TorchTensor.Storage storage = argument(REBUILD_TENSOR, arguments, 0, TorchTensor.Storage.class);
    long offset = argument(REBUILD_TENSOR, arguments, 1, Long.class);
    long[] sizes = numbers(argument(REBUILD_TENSOR, arguments, 2, List.class));
    long[] strides = numbers(argument(REBUILD_TENSOR, arguments, 3, List.class));
    Shape shape = TensorEntry.shape(region.name() + ": tensor sizes", sizes);
    if (strides.length != sizes.length
        || !StridedTensor.inside(storage.elements(), offset, shape, strides)) {
      throw region.wrong(
          "a tensor of %s with strides %s from element %d leaves its storage '%s' of %d elements"
              .formatted(
                  shape, Arrays.toString(strides), offset, storage.key(), storage.elements()));
    }
    if (shape.elements() > storage.elements()) {
      throw new FormatException(
          "%s: a tensor of %s with strides %s repeats its storage '%s' of %d; save it contiguous"
              .formatted(
                  region.name(),
                  shape,
                  Arrays.toString(strides),
                  storage.key(),
                  storage.elements()));
    }
    return new TorchTensor(storage, offset, shape, strides);
  }

  private long[] numbers(List<?> list) {
    long[] values = new long[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = argument("tensor sizes", list, i, Long.class);
    }
    return values;
  }

  private <T> T argument(String what, List<?> arguments, int index, Class<T> kind) {
    Object value = index < arguments.size() ? arguments.get(index) : null;
    if (!kind.isInstance(value)) {
      String seen = value == null ? "nothing" : value.getClass().getSimpleName();
      throw region.wrong(
          "%s wants a %s as argument %d, got %s"
              .formatted(what, kind.getSimpleName(), index, seen));
    }
    return kind.cast(value);
  }
}
