package io.kerf.format;

import io.kerf.tensor.Tensor;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A PyTorch file of weights ({@code pytorch_model.bin}, {@code .pt}): a pickled dictionary of
 * tensors, whose code is never run, and their storages, mapped in place.
 *
 * <p>Read are the ZIP archives that {@code torch.save} writes since 1.6 and the bare pickles it
 * wrote before. A name in the pickle that plain weights do not need is refused.
 */
public final class TorchFile implements WeightFile {
  /** The first pickle of a file before 1.6. */
  private static final BigInteger LEGACY_MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);

  private static final long LEGACY_PROTOCOL = 1001;
  static final int ZIP_MAGIC = 0x04034b50;
  private static final int PICKLE_MAGIC = 0x80; // the first byte of a pickle

  private final FileRegion region;
  private final Map<String, TorchTensor> tensors = new LinkedHashMap<>();
  private final Map<String, FileRegion> storages = new LinkedHashMap<>();

  private TorchFile(FileRegion region) {
    this.region = region;
    HeaderCursor cursor = new HeaderCursor(region);
    int magic = cursor.int32("magic");
    if (magic == ZIP_MAGIC) {
      readArchive();
    } else if ((magic & 0xff) == PICKLE_MAGIC) {
      readLegacy(new HeaderCursor(region));
    } else {
      throw region.wrong("begins with 0x%08x, neither a ZIP archive nor a pickle".formatted(magic));
    }
  }

  /** Opens a file. */
  public static TorchFile open(Path file) {
    return new TorchFile(FileRegion.of(file));
  }

  /** NAME/data.pkl beside NAME/byteorder and one entry NAME/data/KEY for each storage. */
  private void readArchive() {
    ZipArchive archive = ZipArchive.of(region);
    List<String> pickles =
        archive.names().stream().filter(name -> name.matches("[^/]+/data\\.pkl")).toList();
    if (pickles.size() != 1) {
      throw region.wrong("holds " + pickles.size() + " entries NAME/data.pkl instead of one");
    }
    String root = pickles.get(0).substring(0, pickles.get(0).indexOf('/') + 1);
    if (archive.names().contains(root + "byteorder")) {
      byte[] order = archive.stored(root + "byteorder").bytes("byteorder", 16);
      requireLittle(new String(order, StandardCharsets.UTF_8).equals("little"));
    }
    FileRegion pickle = archive.stored(pickles.get(0));
    TorchPickle calls = new TorchPickle(pickle);
    readState(PickleReader.read(pickle, new HeaderCursor(pickle), calls));
    for (TorchTensor.Storage storage : calls.storages().values()) {
      FileRegion bytes = archive.stored(root + "data/" + storage.key());
      storages.put(storage.key(), bytes.slice("storage", 0, sizeBytes(storage)));
    }
  }

  /** Pickles of magic, protocol, system, state and storage keys, then each storage's elements. */
  private void readLegacy(HeaderCursor cursor) {
    TorchPickle calls = new TorchPickle(region);
    Object magic = PickleReader.read(region, cursor, calls);
    if (!LEGACY_MAGIC.equals(magic)) {
      throw region.wrong("is a pickle, but not one that torch.save wrote");
    }
    Object protocol = PickleReader.read(region, cursor, calls);
    if (!Long.valueOf(LEGACY_PROTOCOL).equals(protocol)) {
      throw region.wrong("its protocol_version is not " + LEGACY_PROTOCOL);
    }
    Object system = PickleReader.read(region, cursor, calls);
    requireLittle(system instanceof Map<?, ?> map && map.get("little_endian") == Boolean.TRUE);
    readState(PickleReader.read(region, cursor, calls));
    Object keys = PickleReader.read(region, cursor, calls);
    long position = cursor.position();
    for (Object key : keys instanceof List<?> list ? list : List.of()) {
      // a key may be a list that holds itself, which no hash code and no text survives
      TorchTensor.Storage storage = key instanceof String name ? calls.storages().get(name) : null;
      if (storage == null || storages.containsKey(storage.key())) {
        throw region.wrong(
            "storage %s is one that no tensor uses, or comes twice"
                .formatted(key instanceof String ? "'" + key + "'" : "without a name"));
      }
      String what = "storage '" + key + "'";
      long declared = new HeaderCursor(region.slice(what, position, 8)).int64(what);
      if (declared != storage.elements()) {
        throw region.wrong(what + " has " + declared + " elements, not " + storage.elements());
      }
      long size = sizeBytes(storage);
      storages.put(storage.key(), region.slice(what, position + 8, size));
      position += 8 + size;
    }
    for (String key : calls.storages().keySet()) {
      if (!storages.containsKey(key)) {
        throw region.wrong("lacks storage '" + key + "'");
      }
    }
  }

  private void readState(Object state) {
    if (!(state instanceof Map<?, ?> map)) {
      throw region.wrong("holds no dictionary of tensors; save model.state_dict()");
    }
    map.forEach(
        (name, value) -> {
          if (!(name instanceof String key) || !(value instanceof TorchTensor tensor)) {
            throw new FormatException(
                region.name()
                    + ": the value of '"
                    + name
                    + "' is no tensor; save the weights alone: torch.save(model.state_dict(), ...)");
          }
          tensors.put(key, tensor);
        });
  }

  private void requireLittle(boolean little) {
    if (!little) {
      throw new FormatException(
          region.name() + ": byteorder is not 'little'; save it again on a little-endian machine");
    }
  }

  private static long sizeBytes(TorchTensor.Storage storage) {
    return storage.encoding().sizeBytes(storage.elements());
  }

  @Override
  public String name() {
    return region.name();
  }

  @Override
  public Set<String> tensorNames() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  @Override
  public Tensor tensor(String name) {
    TorchTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw TensorTable.absent(name(), name, tensorNames());
    }
    return tensor.map(storages.get(tensor.storage().key()));
  }

  @Override
  public List<Path> files() {
    return List.of(region.file());
  }
}
