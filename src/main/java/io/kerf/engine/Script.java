package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A page of TorchScript, compiled by libtorch from its text and called by the names of its methods.
 *
 * <p>The text is wrapped into the archive that libtorch loads: a stored ZIP of the code and of a
 * pickled module without attributes. This class and {@link GradedCall} are the ones that know DJL's
 * internals.
 */
final class Script implements AutoCloseable {
  private static final String PACKED_LINEAR =
      "__torch__.torch.classes.quantized.LinearPackedParamsBase";

  private final PtSymbolBlock module;
  private final boolean learning;
  private boolean recording;

  private Script(PtSymbolBlock module, boolean learning) {
    this.module = module;
    this.learning = learning;
  }

  /** Compiles the named resources of this package as one module. */
  static Script of(PtNDManager memory, String... resources) {
    return compile(memory, text(resources), false);
  }

  /**
   * The same as a page that learns: its methods see {@code self.training}, and what they compute
   * within {@link #recording} can be gone back through.
   */
  static Script learning(PtNDManager memory, String... resources) {
    return compile(memory, text(resources), true);
  }

  /** Compiles methods written at the left margin, {@code self} without its type. */
  static Script compile(PtNDManager memory, String methods) {
    return compile(memory, methods, false);
  }

  private static String text(String... resources) {
    StringBuilder text = new StringBuilder();
    for (String resource : resources) {
      text.append(resource(resource)).append('\n');
    }
    return text.toString();
  }

  private static Script compile(PtNDManager memory, String methods, boolean learning) {
    String body =
        methods
            .replace("PackedLinear", PACKED_LINEAR)
            .replace("(self,", "(self: __torch__.Page,")
            .replace("(self)", "(self: __torch__.Page)")
            .replace("(self: __torch__.Page).", "self.");
    String code =
        "class Page(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n"
            + body.indent(2);
    try {
      PtSymbolBlock module =
          JniUtils.loadModule(memory, new ByteArrayInputStream(archive(code)), false, false);
      if (learning) {
        JniUtils.enableTrainingMode(module);
      } else {
        JniUtils.enableInferenceMode(module);
      }
      return new Script(module, learning);
    } catch (IOException e) {
      throw new UncheckedIOException("libtorch could not load a page: " + e.getMessage(), e);
    }
  }

  /**
   * Calls a method.
   *
   * @param arguments NDArray, List of NDArray, Integer, Long, Double, Boolean, String, int[],
   *     long[], double[] or IValue (which stays open)
   */
  IValue call(String method, Object... arguments) {
    IValue[] values = new IValue[arguments.length];
    NativeCalls.enter();
    try {
      for (int i = 0; i < arguments.length; i++) {
        values[i] = value(arguments[i]);
      }
      if (!learning) {
        return IValueUtils.runMethod(module, method, values);
      }
      JniUtils.setGradMode(recording);
      return GradedCall.run(module, method, values);
    } finally {
      NativeCalls.leave();
      for (int i = 0; i < arguments.length; i++) {
        if (values[i] != null && values[i] != arguments[i]) {
          values[i].close();
        }
      }
    }
  }

  /** Computes something that can be gone back through. */
  <T> T recording(Supplier<T> work) {
    recording = true;
    try {
      return work.get();
    } finally {
      recording = false;
    }
  }

  /** Calls a method that returns one array, which the given memory then owns. */
  NDArray array(PtNDManager owner, String method, Object... arguments) {
    try (IValue result = call(method, arguments)) {
      return result.toTensor(owner);
    }
  }

  /** Calls a method for its effect. */
  void run(String method, Object... arguments) {
    call(method, arguments).close();
  }

  /** An argument made once, for many calls. */
  static IValue value(Object argument) {
    if (argument instanceof IValue value) {
      return value;
    } else if (argument instanceof NDArray array) {
      return IValue.from((PtNDArray) array);
    } else if (argument instanceof List<?> arrays) {
      return IValue.listFrom(arrays.toArray(PtNDArray[]::new));
    } else if (argument instanceof Integer number) {
      return IValue.from(number.longValue());
    } else if (argument instanceof Long number) {
      return IValue.from(number);
    } else if (argument instanceof Double number) {
      return IValue.from(number);
    } else if (argument instanceof Boolean flag) {
      return IValue.from(flag);
    } else if (argument instanceof String text) {
      return IValue.from(text);
    } else if (argument instanceof long[] numbers) {
      return IValue.listFrom(numbers);
    } else if (argument instanceof double[] numbers) {
      return IValue.listFrom(numbers);
    } else if (argument instanceof int[] numbers) {
      long[] wide = new long[numbers.length];
      for (int i = 0; i < wide.length; i++) {
        wide[i] = numbers[i];
      }
      return IValue.listFrom(wide);
    }
    throw new IllegalArgumentException("TorchScript takes no " + argument.getClass().getName());
  }

  @Override
  public void close() {
    module.close();
  }

  private static String resource(String name) {
    try (InputStream in = Script.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the page " + name + " is missing from Kerf's jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] archive(String code) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "kerf/data.pkl", pickledModule());
      store(zip, "kerf/code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
      store(zip, "kerf/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
      store(zip, "kerf/version", "3\n".getBytes(StandardCharsets.US_ASCII));
      store(zip, "kerf/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
    }
    return bytes.toByteArray();
  }

  /** Pickle protocol 2 for {@code Page()} with the state {@code {"training": False}}. */
  private static byte[] pickledModule() throws IOException {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.write(new byte[] {(byte) 0x80, 2, 'c'});
    pickle.write("__torch__\nPage\n".getBytes(StandardCharsets.US_ASCII));
    pickle.write(new byte[] {')', (byte) 0x81, '}', '('});
    byte[] key = "training".getBytes(StandardCharsets.US_ASCII);
    pickle.write(new byte[] {'X', (byte) key.length, 0, 0, 0});
    pickle.write(key);
    pickle.write(new byte[] {(byte) 0x89, 'u', 'b', '.'});
    return pickle.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCompressedSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
