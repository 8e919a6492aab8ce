package io.kerf.format;

import io.kerf.tensor.Encoding;
import io.kerf.tensor.Shape;
import io.kerf.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The weights of llama2.c in its first format: seven numbers, then float32 tensors in a fixed order
 * and nothing else.
 *
 * <p>Tensors have run.c's names; those of a layer end in its index: {@code wq.3}. The file has no
 * magic number: it is known by its length, which its header must explain to the byte.
 */
public final class Llama2cFile implements WeightFile {
  private static final int HEADER_BYTES = 28;
  private static final int MAX_LAYERS = 10_000;

  /** "ak42", the magic of llama2.c's later formats. */
  private static final int LATER_MAGIC = 0x616b3432;

  /**
   * The seven numbers, checked.
   *
   * @param sharedHead whether the head is the token embedding; stored as the vocabulary's sign
   */
  public record Header(
      int dim,
      int hiddenDim,
      int layers,
      int heads,
      int keyValueHeads,
      int vocabulary,
      boolean sharedHead,
      int sequence) {
    /** Width of one head. */
    public int headWidth() {
      return dim / heads;
    }

    private int keyValueDim() {
      return headWidth() * keyValueHeads;
    }

    private boolean plausible() {
      return dim > 0
          && hiddenDim > 0
          && layers > 0
          && layers <= MAX_LAYERS
          && heads > 0
          && keyValueHeads > 0
          && vocabulary > 0
          && sequence > 0
          && dim % heads == 0
          && keyValueHeads <= heads
          && heads % keyValueHeads == 0;
    }

    /** Bytes of the whole file; saturates, so that a forged header is merely wrong. */
    private double fileBytes() {
      double d = dim;
      double layer = 2 * d + 2 * d * d + 2 * d * keyValueDim() + 3 * d * hiddenDim;
      double rotary = (double) sequence * (headWidth() / 2) * 2;
      double embeddings = (sharedHead ? 1.0 : 2.0) * vocabulary * d;
      return HEADER_BYTES + 4 * (embeddings + layers * layer + d + rotary);
    }
  }

  private final FileRegion region;
  private final Header header;
  private final TensorTable tensors;
  private long position = HEADER_BYTES;

  private Llama2cFile(FileRegion region) {
    this.region = region;
    this.header = header(region);
    this.tensors = new TensorTable(region.name());
    if (!header.plausible()) {
      throw region.wrong(
          "is no file of llama2.c: its header is "
              + header
              + "; all must be positive, heads divide dim, and kv heads divide heads");
    }
    if (header.fileBytes() != region.length()) {
      throw region.wrong(
          "has %d bytes, but its header, %s, takes %.0f"
              .formatted(region.length(), header, header.fileBytes()));
    }
    int d = header.dim;
    add("token_embedding_table", header.vocabulary, d);
    addLayers("rms_att_weight", d);
    addLayers("wq", d, d);
    addLayers("wk", header.keyValueDim(), d);
    addLayers("wv", header.keyValueDim(), d);
    addLayers("wo", d, d);
    addLayers("rms_ffn_weight", d);
    addLayers("w1", header.hiddenDim, d);
    addLayers("w2", d, header.hiddenDim);
    addLayers("w3", header.hiddenDim, d);
    add("rms_final_weight", d);
    add("freq_cis_real", header.sequence, header.headWidth() / 2);
    add("freq_cis_imag", header.sequence, header.headWidth() / 2);
    if (!header.sharedHead) {
      add("wcls", header.vocabulary, d);
    }
  }

  /** Opens a file. */
  public static Llama2cFile open(Path file) {
    return new Llama2cFile(FileRegion.of(file));
  }

  /**
   * Whether a file is to be read as one of llama2.c: its header is one, or the file has the magic
   * of a later format, which {@link #open} refuses by its name.
   */
  static boolean claims(FileRegion region) {
    if (region.length() < HEADER_BYTES) {
      return false;
    }
    HeaderCursor cursor = new HeaderCursor(region.slice("header", 0, HEADER_BYTES));
    int first = cursor.int32("dim");
    return first == LATER_MAGIC || first != TorchFile.ZIP_MAGIC && header(region).plausible();
  }

  private static Header header(FileRegion region) {
    if (region.length() < HEADER_BYTES) {
      throw region.wrong("has " + region.length() + " bytes, fewer than llama2.c's header");
    }
    HeaderCursor cursor = new HeaderCursor(region.slice("header", 0, HEADER_BYTES));
    int dim = cursor.int32("dim");
    if (dim == LATER_MAGIC) {
      throw new FormatException(
          region.name()
              + ": version is "
              + cursor.int32("version")
              + "; of llama2.c's formats the first is read: export with --version 0");
    }
    int hiddenDim = cursor.int32("hidden_dim");
    int layers = cursor.int32("n_layers");
    int heads = cursor.int32("n_heads");
    int keyValueHeads = cursor.int32("n_kv_heads");
    int vocabulary = cursor.int32("vocab_size");
    int sequence = cursor.int32("seq_len");
    return new Header(
        dim,
        hiddenDim,
        layers,
        heads,
        keyValueHeads,
        Math.abs(vocabulary),
        vocabulary > 0,
        sequence);
  }

  private void addLayers(String name, int... sizes) {
    for (int layer = 0; layer < header.layers; layer++) {
      add(name + "." + layer, sizes);
    }
  }

  private void add(String name, int... sizes) {
    Shape shape = Shape.of(sizes);
    long bytes = Encoding.F32.sizeBytes(shape.elements());
    FileRegion slice = region.slice("tensor '" + name + "'", position, bytes);
    tensors.add(new TensorEntry(name, shape, Encoding.F32, slice));
    position += bytes;
  }

  /** The seven numbers. */
  public Header header() {
    return header;
  }

  @Override
  public String name() {
    return region.name();
  }

  @Override
  public Set<String> tensorNames() {
    return tensors.names();
  }

  @Override
  public Tensor tensor(String name) {
    return tensors.tensor(name);
  }

  @Override
  public List<Path> files() {
    return List.of(region.file());
  }
}
