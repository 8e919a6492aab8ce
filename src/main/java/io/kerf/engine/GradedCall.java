package io.kerf.engine;

import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;

/**
 * A method of a page called so that autograd may look on. DJL's own door to it, {@code
 * IValueUtils.forward}, takes arrays alone, and its {@code runMethod} shuts autograd out: this goes
 * to the native method behind both.
 */
final class GradedCall {
  private static final MethodHandle RUN;
  private static final MethodHandle VALUE;

  static {
    try {
      Class<?> library = Class.forName("ai.djl.pytorch.jni.PyTorchLibrary");
      MethodHandles.Lookup inside = MethodHandles.privateLookupIn(library, MethodHandles.lookup());
      Object loaded = inside.findStaticGetter(library, "LIB", library).invoke();
      MethodType run =
          MethodType.methodType(
              long.class, long.class, String.class, long[].class, boolean.class, boolean.class);
      RUN = inside.findVirtual(library, "moduleRunMethod", run).bindTo(loaded);
      VALUE =
          MethodHandles.privateLookupIn(IValue.class, MethodHandles.lookup())
              .findConstructor(IValue.class, MethodType.methodType(void.class, long.class));
    } catch (Throwable e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private GradedCall() {}

  static IValue run(PtSymbolBlock module, String method, IValue... arguments) {
    long[] handles = Arrays.stream(arguments).mapToLong(IValue::getHandle).toArray();
    try {
      long result = (long) RUN.invokeExact((long) module.getHandle(), method, handles, true, false);
      return (IValue) VALUE.invokeExact(result);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
