package io.kerf.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;

/**
 * The native library, loaded once a process, and how many threads it may use.
 *
 * <p>The number of threads is the system property {@code kerf.threads}; without it, all processors
 * where the environment says {@code OMP_WAIT_POLICY=PASSIVE} and one otherwise, since libgomp's
 * waiting threads spin and stall a busy machine. (With it set {@code GOMP_SPINCOUNT=10000} too:
 * threads that sleep at once cost a third of the speed.)
 */
public final class Libtorch {
  /** Its version, as results name it. */
  public static final String VERSION = "libtorch 2.7.1";

  private Libtorch() {}

  private static final class Loaded {
    static final NDManager ROOT = load();

    private static NDManager load() {
      System.setProperty("ai.djl.offline", System.getProperty("ai.djl.offline", "true"));
      System.setProperty("OPT_OUT_TRACKING", System.getProperty("OPT_OUT_TRACKING", "true"));
      Engine.getEngine("PyTorch");
      // The profiling executor specialises on shapes and compiles again for each new one.
      JniUtils.setGraphExecutorOptimize(false);
      JniUtils.setNumThreads(defaultThreads());
      Runtime.getRuntime().addShutdownHook(new Thread(NativeCalls::end, "libtorch's end"));
      return NDManager.newBaseManager(Device.cpu(), "PyTorch");
    }
  }

  static PtNDManager newMemory() {
    return (PtNDManager) Loaded.ROOT.newSubManager();
  }

  private static int defaultThreads() {
    Integer asked = Integer.getInteger("kerf.threads");
    if (asked != null) {
      return checked(asked);
    }
    boolean passive = "PASSIVE".equalsIgnoreCase(System.getenv("OMP_WAIT_POLICY"));
    return passive ? Runtime.getRuntime().availableProcessors() : 1;
  }

  /** How many threads one operation is spread over, for all sessions. */
  public static int threads() {
    newMemory().close();
    return Engine.getEngine("PyTorch") == null ? 1 : JniUtils.getNumThreads();
  }

  /**
   * Sets how many threads one operation is spread over, for all sessions.
   *
   * @param threads at least 1
   */
  public static void threads(int threads) {
    newMemory().close();
    JniUtils.setNumThreads(checked(threads));
  }

  private static int checked(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, was " + threads);
    }
    return threads;
  }
}
