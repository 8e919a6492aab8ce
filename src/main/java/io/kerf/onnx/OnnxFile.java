package io.kerf.onnx;

import io.kerf.format.Draft;
import io.kerf.progress.Interrupted;
import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
    List<Part> parts = parts(apart ? data.getFileName().toString() : null);
    long size = size(parts) + (apart ? dataBytes() : 0);
    try (Progress progress = listener.start("writing " + file.getFileName(), size, "bytes");
        Draft model = Draft.file(target);
        Draft weights = Draft.file(data)) {
      if (apart) {
        write(weights.path(), progress, this::writeData);
      }
      write(model.path(), progress, out -> writeModel(parts, out));
      if (apart || replace && Files.exists(data)) {
        Files.deleteIfExists(target); // never an old model beside new data, nor the other way round
        Files.deleteIfExists(data);
      }
      if (apart) {
        weights.publish();
      }
      model.publish();
    } catch (ClosedByInterruptException e) {
      Thread.interrupted();
      throw new Interrupted("writing " + file + " was interrupted");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  private static void requireRoom(Path target, boolean replace) {
    if (Files.isDirectory(target)) {
      throw new IllegalArgumentException(
          target + " is a folder; name a file in it, for instance " + target.resolve("model.onnx"));
    }
    if (!replace && Files.exists(target)) {
      throw new IllegalArgumentException(
          target + " exists; choose another name, or replace it with onnx().overwrite()");
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

  private long dataBytes() {
    long size = 0;
    for (Initializer initializer : graph.initializers()) {
      if (initializer.sizeBytes() > SMALL) {
        size += (-size & PAGE - 1) + initializer.sizeBytes();
      }
    }
    return size;
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

  /** A piece of the model's file: fields, and the tensor whose bytes follow them, or null. */
  private record Part(Message fields, Initializer tensor) {
    long sizeBytes() {
      return fields.size() + (tensor == null ? 0 : tensor.sizeBytes());
    }
  }

  private static void writeModel(List<Part> parts, Sink out) throws IOException {
    for (Part part : parts) {
      byte[] fields = part.fields().toBytes();
      out.bytes(fields, fields.length);
      if (part.tensor() != null) {
        payload(part.tensor(), out);
      }
    }
  }

  /**
   * The pieces of a ModelProto, its graph last.
   *
   * @param dataName of the file that large tensors lie in, or null
   */
  private List<Part> parts(String dataName) {
    List<Part> inGraph = new ArrayList<>();
    Message before = new Message();
    graph.nodes().forEach(node -> before.message(1, node));
    inGraph.add(new Part(before.text(2, "kerf"), null));
    long offset = 0;
    for (Initializer initializer : graph.initializers()) {
      offset += -offset & PAGE - 1;
      inGraph.add(tensor(initializer, dataName, offset));
      offset += external(initializer, dataName) ? initializer.sizeBytes() : 0;
    }
    Message after = new Message();
    graph.inputs().forEach(input -> after.message(11, input));
    graph.outputs().forEach(output -> after.message(12, output));
    inGraph.add(new Part(after, null));

    Message model = new Message().number(1, IR_VERSION);
    model.text(2, "Kerf").text(3, producerVersion);
    model.message(8, new Message().text(1, "").number(2, OPSET));
    metadata.forEach((key, value) -> model.message(14, pair(key, value)));
    model.begin(7, size(inGraph));
    List<Part> all = new ArrayList<>(inGraph);
    all.add(0, new Part(model, null));
    return all;
  }

  private static long size(List<Part> parts) {
    return parts.stream().mapToLong(Part::sizeBytes).sum();
  }

  /** A TensorProto with its bytes, or with the place where they lie. */
  private static Part tensor(Initializer initializer, String dataName, long offset) {
    Message fields = new Message();
    initializer.dimensions().forEach(size -> fields.number(1, size));
    fields.number(2, initializer.type().number()).text(8, initializer.name());
    if (external(initializer, dataName)) {
      fields
          .message(13, pair("location", dataName))
          .message(13, pair("offset", Long.toString(offset)))
          .message(13, pair("length", Long.toString(initializer.sizeBytes())))
          .number(14, EXTERNAL);
      return new Part(new Message().message(5, fields), null);
    }
    fields.begin(9, initializer.sizeBytes());
    long size = fields.size() + initializer.sizeBytes();
    return new Part(new Message().begin(5, size).append(fields), initializer);
  }

  private static Message pair(String key, String value) {
    return new Message().text(1, key).text(2, value);
  }
}
