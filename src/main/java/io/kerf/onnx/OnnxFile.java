package io.kerf.onnx;

import io.kerf.progress.Interrupted;
import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A graph as a file: a ModelProto, streamed. Weights lie in it, or, where they are more than a
 * Protocol Buffers message should hold, in a second file beside it, {@code NAME.data}.
 *
 * <p>Files appear whole or not at all: they are written under another name, forced to the disk, and
 * then renamed.
 */
final class OnnxFile {
  private static final long IR_VERSION = 10;
  private static final long OPSET = 21; // the first with 4-bit integers
  private static final int EXTERNAL = 1;
  private static final int PAGE = 4096; // readers map external data by pages
  private static final long SMALL = 1024; // shapes and numbers stay in the model's file

  private final Graph graph;
  private final Map<String, String> metadata;
  private final String producerVersion;
  private final long mostInline;

  /**
   * A file in the making.
   *
   * @param metadata what the model says of itself
   * @param mostInlineBytes weights of more bytes go into a second file
   */
  OnnxFile(
      Graph graph, Map<String, String> metadata, String producerVersion, long mostInlineBytes) {
    this.graph = graph;
    this.metadata = new LinkedHashMap<>(metadata);
    this.producerVersion = producerVersion;
    this.mostInline = mostInlineBytes;
  }

  /** Writes the file, and its data file where one is needed. */
  void write(Path file, boolean replace, ProgressListener listener) {
    Path target = file.toAbsolutePath();
    Path data = target.resolveSibling(target.getFileName() + ".data");
    boolean apart = storedBytes() > mostInline;
    requireRoom(target, replace);
    if (apart) {
      requireRoom(data, replace);
    }
    Path draft = draft(target);
    Path dataDraft = draft(data);
    try (Progress progress =
        listener.start("writing " + file.getFileName(), storedBytes(), "bytes")) {
      if (apart) {
        write(dataDraft, progress, this::writeData);
      }
      write(draft, progress, out -> writeModel(out, apart ? data.getFileName().toString() : null));
      if (apart || Files.exists(data) && replace) {
        Files.deleteIfExists(target); // never an old model beside new data, nor the other way round
        Files.deleteIfExists(data);
      }
      if (apart) {
        Files.move(dataDraft, data, StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (ClosedByInterruptException e) {
      Thread.interrupted();
      throw new Interrupted("writing " + file + " was interrupted");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
    } finally {
      delete(draft);
      delete(dataDraft);
    }
  }

  private static void requireRoom(Path target, boolean replace) {
    Path folder = target.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          target + ": the folder " + folder + " does not exist; make it first");
    }
    if (Files.isDirectory(target)) {
      throw new IllegalArgumentException(
          target + " is a folder; name a file in it, for instance " + target.resolve("model.onnx"));
    }
    if (!replace && Files.exists(target)) {
      throw new IllegalArgumentException(
          target + " exists; choose another name, or replace it with onnx().replacing()");
    }
  }

  private static Path draft(Path target) {
    return target.resolveSibling(
        "." + target.getFileName() + "." + Long.toHexString(System.nanoTime()) + ".part");
  }

  private static void delete(Path draft) {
    try {
      Files.deleteIfExists(draft);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete the unfinished " + draft, e);
    }
  }

  private interface Content {
    void write(Sink out) throws IOException;
  }

  private static void write(Path draft, Progress progress, Content content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(draft, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      Sink out = new Sink(channel, progress);
      content.write(out);
      out.flush();
      channel.force(true);
    }
  }

  private long storedBytes() {
    return graph.initializers().stream().mapToLong(Initializer::sizeBytes).sum();
  }

  private static boolean external(Initializer initializer, String dataName) {
    return dataName != null && initializer.sizeBytes() > SMALL;
  }

  /** All external tensors, each at the beginning of a page. */
  private void writeData(Sink out) throws IOException {
    for (Initializer initializer : graph.initializers()) {
      if (initializer.sizeBytes() > SMALL) {
        out.align(PAGE);
        payload(initializer, out);
      }
    }
  }

  private static void payload(Initializer initializer, Sink out) throws IOException {
    long before = out.written();
    initializer.payload().write(out);
    long count = out.written() - before;
    if (count != initializer.sizeBytes()) {
      throw new IllegalStateException(
          initializer.name() + " should be " + initializer.sizeBytes() + " bytes, wrote " + count);
    }
  }

  private void writeModel(Sink out, String dataName) throws IOException {
    Map<Initializer, Message> headers = headers(dataName);
    Message before = new Message();
    graph.nodes().forEach(node -> before.message(1, node));
    before.text(2, "kerf");
    Message after = new Message();
    graph.inputs().forEach(input -> after.message(11, input));
    graph.outputs().forEach(output -> after.message(12, output));
    long size = before.size() + after.size();
    for (var header : headers.entrySet()) {
      long inside = header.getValue().size() + inline(header.getKey(), dataName);
      size += new Message().begin(5, inside).size() + inside;
    }

    Message model = new Message().number(1, IR_VERSION);
    model.text(2, "Kerf").text(3, producerVersion);
    model.message(8, new Message().text(1, "").number(2, OPSET));
    metadata.forEach((key, value) -> model.message(14, pair(key, value)));
    put(out, model.begin(7, size));
    put(out, before);
    for (var header : headers.entrySet()) {
      Initializer initializer = header.getKey();
      long inline = inline(initializer, dataName);
      put(out, new Message().begin(5, header.getValue().size() + inline));
      put(out, header.getValue());
      if (inline > 0) {
        payload(initializer, out);
      }
    }
    put(out, after);
  }

  private static long inline(Initializer initializer, String dataName) {
    return external(initializer, dataName) ? 0 : initializer.sizeBytes();
  }

  /** Every initializer's TensorProto up to its bytes, or with the place where they lie. */
  private Map<Initializer, Message> headers(String dataName) {
    Map<Initializer, Message> headers = new LinkedHashMap<>();
    long offset = 0;
    for (Initializer initializer : graph.initializers()) {
      Message header = new Message();
      initializer.dimensions().forEach(size -> header.number(1, size));
      header.number(2, initializer.type().number()).text(8, initializer.name());
      if (external(initializer, dataName)) {
        offset += -offset & PAGE - 1;
        header
            .message(13, pair("location", dataName))
            .message(13, pair("offset", Long.toString(offset)))
            .message(13, pair("length", Long.toString(initializer.sizeBytes())))
            .number(14, EXTERNAL);
        offset += initializer.sizeBytes();
      } else {
        header.begin(9, initializer.sizeBytes());
      }
      headers.put(initializer, header);
    }
    return headers;
  }

  private static Message pair(String key, String value) {
    return new Message().text(1, key).text(2, value);
  }

  private static void put(Sink out, Message message) throws IOException {
    byte[] bytes = message.toBytes();
    out.bytes(bytes, bytes.length);
  }
}
