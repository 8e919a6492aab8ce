package io.kerf.format;

import io.kerf.tensor.Encoding;
import io.kerf.tensor.MappedBytes;
import io.kerf.tensor.Shape;
import io.kerf.tensor.StoredTensor;
import io.kerf.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.zip.CRC32C;

/**
 * A TensorFlow checkpoint or the variables of a saved model: {@code PREFIX.index}, a table of where
 * each tensor lies, beside {@code PREFIX.data-00000-of-00001}, their bytes.
 *
 * <p>It is read from a folder, or in place from a ZIP archive that stores it uncompressed. Text
 * tensors (an object graph, for instance) are no weights and are left out. A tensor's checksum is
 * compared when it is asked for. Dense kernels are (in, out).
 */
public final class TensorFlowBundle implements WeightFile {
  private static final String INDEX = ".index";
  private static final int MAX_SHARDS = 99_999; // names have five digits
  private static final int TEXT = 7;
  private static final Map<Integer, Encoding> DTYPES =
      Map.of(
          1, Encoding.F32,
          2, Encoding.F64,
          3, Encoding.I32,
          4, Encoding.U8,
          5, Encoding.I16,
          6, Encoding.I8,
          9, Encoding.I64,
          10, Encoding.BOOL,
          14, Encoding.BF16,
          19, Encoding.F16);

  private final FileRegion index;
  private final List<FileRegion> shards = new ArrayList<>();
  private final TensorTable tensors;
  private final Map<String, Integer> checksums = new LinkedHashMap<>();

  private TensorFlowBundle(FileRegion index, Function<String, FileRegion> shardOfSuffix) {
    this.index = index;
    this.tensors = new TensorTable(index.name());
    Map<String, HeaderCursor> values = LevelDbTable.read(index);
    HeaderCursor header = values.remove(""); // sorted before every name
    if (header == null) {
      throw index.wrong("has no header entry");
    }
    int count = shardCount(header);
    for (int i = 0; i < count; i++) {
      shards.add(shardOfSuffix.apply(".data-%05d-of-%05d".formatted(i, count)));
    }
    values.forEach(this::readEntry);
    tensors.inByteOrder();
  }

  /**
   * Opens a bundle.
   *
   * @param index the file {@code PREFIX.index}; its data lies beside it
   */
  public static TensorFlowBundle open(Path index) {
    FileRegion region = FileRegion.of(index);
    String prefix = prefix(region.name());
    return new TensorFlowBundle(
        region, suffix -> FileRegion.of(index.resolveSibling(prefix + suffix)));
  }

  /** Opens the one bundle that a ZIP archive stores uncompressed, without extracting it. */
  public static TensorFlowBundle open(ZipArchive archive) {
    List<String> indexes = archive.names().stream().filter(name -> name.endsWith(INDEX)).toList();
    if (indexes.size() != 1) {
      throw new FormatException(
          "%s: holds %d entries PREFIX%s instead of one: %s"
              .formatted(
                  archive.name(), indexes.size(), INDEX, indexes.stream().limit(5).toList()));
    }
    String prefix = prefix(indexes.get(0));
    return new TensorFlowBundle(
        archive.stored(indexes.get(0)), suffix -> archive.stored(prefix + suffix));
  }

  private static String prefix(String index) {
    if (!index.endsWith(INDEX)) {
      throw new FormatException(index + ": a bundle's index is named PREFIX" + INDEX);
    }
    return index.substring(0, index.length() - INDEX.length());
  }

  /** Reads BundleHeaderProto: 1 num_shards, 2 endianness (0 little), 3 version. */
  private int shardCount(HeaderCursor header) {
    long count = 0;
    while (header.remaining() > 0) {
      ProtoField field = ProtoField.next(header);
      if (field.number() == 1) {
        count = field.value();
      } else if (field.number() == 2 && field.value() != 0) {
        throw new FormatException(
            index.name() + ": endianness is " + field.value() + "; only little-endian is read");
      }
    }
    if (count < 1 || count > MAX_SHARDS) {
      throw index.wrong("num_shards is " + count);
    }
    return (int) count;
  }

  /** Reads BundleEntryProto: 1 dtype, 2 shape, 3 shard, 4 offset, 5 size, 6 checksum, 7 slices. */
  private void readEntry(String name, HeaderCursor entry) {
    long[] values = new long[7];
    long[] sizes = new long[0];
    while (entry.remaining() > 0) {
      ProtoField field = ProtoField.next(entry);
      if (field.number() == 2) {
        sizes = sizes(name, field.message(index));
      } else if (field.number() == 7) {
        throw new FormatException(
            "%s: tensor '%s' is cut into slices; save it whole".formatted(index.name(), name));
      } else if (field.number() < values.length) {
        values[field.number()] = field.value();
      }
    }
    if (values[1] == TEXT) {
      return;
    }
    String what = "tensor '" + name + "'";
    Encoding encoding = values[1] == (int) values[1] ? DTYPES.get((int) values[1]) : null;
    if (encoding == null) {
      throw new FormatException(
          "%s: %s has dtype %d; understood are %s"
              .formatted(
                  index.name(), what, values[1], DTYPES.values().stream().sorted().toList()));
    }
    Shape shape = TensorEntry.shape(index.name() + ": " + what + " shape", sizes);
    if (values[3] < 0 || values[3] >= shards.size()) {
      throw index.wrong(what + " lies in shard " + values[3] + " of " + shards.size());
    }
    long needed = encoding.sizeBytes(shape.elements());
    if (values[5] != needed) {
      throw index.wrong(
          "%s has size %d, but %s in %s takes %d"
              .formatted(what, values[5], shape, encoding.label(), needed));
    }
    FileRegion region = shards.get((int) values[3]).slice(what, values[4], needed);
    tensors.add(new TensorEntry(name, shape, encoding, region));
    checksums.put(name, (int) values[6]);
  }

  /** Reads TensorShapeProto: 2 dimensions, of which field 1 is the size; 3 unknown rank. */
  private long[] sizes(String name, HeaderCursor shape) {
    List<Long> sizes = new ArrayList<>();
    while (shape.remaining() > 0) {
      ProtoField field = ProtoField.next(shape);
      if (field.number() == 3) {
        throw index.wrong("tensor '" + name + "' has no shape");
      }
      if (field.number() != 2) {
        continue;
      }
      long size = 0;
      HeaderCursor dimension = field.message(index);
      while (dimension.remaining() > 0) {
        ProtoField part = ProtoField.next(dimension);
        size = part.number() == 1 ? part.value() : size;
      }
      sizes.add(size);
    }
    return sizes.stream().mapToLong(Long::longValue).toArray();
  }

  @Override
  public String name() {
    return index.name();
  }

  @Override
  public Set<String> tensorNames() {
    return tensors.names();
  }

  @Override
  public Tensor tensor(String name) {
    StoredTensor tensor = tensors.tensor(name);
    MappedBytes bytes = tensor.bytes();
    CRC32C crc = new CRC32C();
    bytes.checksum(0, bytes.length(), crc);
    int declared = checksums.get(name);
    if (LevelDbTable.masked(crc) != declared) {
      throw index.wrong(
          "tensor '%s' has checksum 0x%08x instead of 0x%08x"
              .formatted(name, LevelDbTable.masked(crc), declared));
    }
    return tensor;
  }

  @Override
  public List<Path> files() {
    List<Path> files = new ArrayList<>(List.of(index.file()));
    shards.stream().map(FileRegion::file).filter(file -> !files.contains(file)).forEach(files::add);
    return List.copyOf(files);
  }
}
