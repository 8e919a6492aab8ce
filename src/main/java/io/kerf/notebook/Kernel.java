package io.kerf.notebook;

import io.kerf.report.Rendering;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The running kernel, JJava or IJava.
 *
 * <p>Both have the same API under different package names, and its signatures change between
 * releases (the return type of {@code setDisplayId} did), so every call is made by name.
 */
final class Kernel {
  /** What the packages of a kernel's API begin with, and where its instance is found. */
  enum Api {
    JJAVA(
        "JJava",
        "org.dflib.jjava.jupyter.",
        "org.dflib.jjava.jupyter.kernel.BaseKernel",
        "notebookKernel"),
    IJAVA(
        "IJava",
        "io.github.spencerpark.jupyter.",
        "io.github.spencerpark.ijava.IJava",
        "getKernelInstance");

    private final String label;
    private final String packages;
    private final String holder;
    private final String accessor;

    Api(String label, String packages, String holder, String accessor) {
      this.label = label;
      this.packages = packages;
      this.holder = holder;
      this.accessor = accessor;
    }

    String label() {
      return label;
    }

    private Class<?> type(String name) throws ClassNotFoundException {
      return Class.forName(packages + name, true, Kernel.class.getClassLoader());
    }

    /** This API's kernel, where this JVM is one. */
    private Optional<Kernel> running() {
      try {
        Object instance =
            Class.forName(holder, true, Kernel.class.getClassLoader())
                .getMethod(accessor)
                .invoke(null);
        return Optional.ofNullable(instance).map(kernel -> new Kernel(this, kernel));
      } catch (ClassNotFoundException | InvocationTargetException e) {
        return Optional.empty(); // not on the class path, or there but not running: JJava throws
      } catch (ReflectiveOperationException | LinkageError e) {
        throw new IllegalStateException(label + " is running but cannot be reached: " + e, e);
      }
    }
  }

  private final Api api;
  private final Object instance;

  Kernel(Api api, Object instance) {
    this.api = api;
    this.instance = Objects.requireNonNull(instance, "kernel");
  }

  /** The kernel that this JVM is, if it is one. */
  static Optional<Kernel> running() {
    return Api.JJAVA.running().or(Api.IJAVA::running);
  }

  String name() {
    return api.label();
  }

  /** Makes tables and charts appear as such wherever the kernel shows a value. */
  void registerRenderers() {
    Rendering.TYPES.forEach(this::registerRenderer);
  }

  private void registerRenderer(Class<?> type) {
    try {
      Class<?> function = api.type("kernel.display.RenderFunction");
      Object renderer = call(instance, "getRenderer");
      Object registration = call(renderer, "createRegistration", type);
      call(registration, "supporting", (Object) Rendering.MIME_TYPES.toArray(String[]::new));
      call(registration, "preferring", (Object) new String[] {"*"});
      Object render =
          Proxy.newProxyInstance(
              function.getClassLoader(), new Class<?>[] {function}, renderCall());
      call(registration, "register", render);
    } catch (ReflectiveOperationException e) {
      throw unreachable(e);
    }
  }

  /** {@code render(value, context)}: gives the context every form of the value that it asks for. */
  private InvocationHandler renderCall() throws ReflectiveOperationException {
    Method mimeType = api.type("kernel.display.mime.MIMEType").getMethod("parse", String.class);
    return (proxy, method, arguments) -> {
      switch (method.getName()) {
        case "equals":
          return proxy == arguments[0];
        case "hashCode":
          return System.identityHashCode(proxy);
        case "toString":
          return "Kerf's renderer";
        default:
          Object context = arguments[1];
          for (Map.Entry<String, String> form : Rendering.of(arguments[0]).entrySet()) {
            Supplier<Object> content = form::getValue;
            call(context, "renderIfRequested", mimeType.invoke(null, form.getKey()), content);
          }
          return null;
      }
    };
  }

  /** Shows a bundle under an id by which the cell can {@link Cell#update} it. */
  void display(String id, Map<String, String> bundle) {
    call(instance, "display", message(id, bundle));
  }

  /** The cell that runs now. */
  Cell cell() {
    return new Cell();
  }

  /**
   * One cell's channel to the page. It is kept for as long as a bar lives: an interrupt frees the
   * cell at once, and the kernel then drops what still comes through its own display stream, but
   * the bar has yet to say that its work stopped.
   */
  final class Cell {
    private final Object channel;

    private Cell() {
      try {
        Object io = call(instance, "getIO");
        Object stream = io.getClass().getField("display").get(io);
        Field env = stream.getClass().getDeclaredField("env");
        env.setAccessible(true);
        this.channel = env.get(stream); // null where no cell runs
      } catch (ReflectiveOperationException e) {
        throw unreachable(e);
      }
    }

    /** Shows a bundle below the cell. */
    void show(String id, Map<String, String> bundle) {
      publish("PublishDisplayData", id, bundle);
    }

    /** Replaces what was shown under the id, in place. */
    void update(String id, Map<String, String> bundle) {
      publish("PublishUpdateDisplayData", id, bundle);
    }

    private void publish(String type, String id, Map<String, String> bundle) {
      if (channel == null) {
        return;
      }
      try {
        Object data = message(id, bundle);
        Object content =
            api.type("messages.publish." + type).getConstructor(data.getClass()).newInstance(data);
        call(channel, "publish", content);
      } catch (ReflectiveOperationException e) {
        throw unreachable(e);
      }
    }
  }

  private Object message(String id, Map<String, String> bundle) {
    try {
      Object data = api.type("kernel.display.DisplayData").getConstructor().newInstance();
      bundle.forEach((mimeType, content) -> call(data, "putData", mimeType, content));
      call(data, "setDisplayId", id);
      return data;
    } catch (ReflectiveOperationException e) {
      throw unreachable(e);
    }
  }

  /** Calls the public method of that name that takes these arguments. */
  private Object call(Object target, String name, Object... arguments) {
    for (Method method : target.getClass().getMethods()) {
      if (method.getName().equals(name) && accepts(method, arguments)) {
        try {
          return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
          throw e.getCause() instanceof RuntimeException cause ? cause : unreachable(e);
        } catch (IllegalAccessException e) {
          throw unreachable(e);
        }
      }
    }
    throw unreachable(new NoSuchMethodException(target.getClass().getName() + "." + name));
  }

  private static boolean accepts(Method method, Object[] arguments) {
    Class<?>[] types = method.getParameterTypes();
    if (types.length != arguments.length) {
      return false;
    }
    for (int i = 0; i < types.length; i++) {
      if (arguments[i] != null && !types[i].isInstance(arguments[i])) {
        return false;
      }
    }
    return true;
  }

  private IllegalStateException unreachable(Exception cause) {
    return new IllegalStateException(
        api.label()
            + " does not display as Kerf expects ("
            + cause
            + "); update Kerf or the kernel",
        cause);
  }
}
