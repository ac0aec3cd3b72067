"""Functions of NumPy that have no better place: without derivative, or refused.

Sources: Magnus and Neudecker, *Matrix Differential Calculus* (3rd edition, 2019), for covariances.
"""

from adgen.rules.kinds import constant, general, refused

# Covariances: centred values sum to zero, so the derivative of the mean drops out.  Others are made by the definition.
general("y = np.cov(x, bias=False, ddof=None)", ranks=(1,), when="x.dtype == float",
        let={"slope": "2 * (x - np.mean(x)) / (x.size - (ddof if ddof is not None else 0 if bias else 1))"},
        y_dot="np.sum(slope * x_dot)", x_bar="slope * y_bar")

# Integers, bits, predicates, tests ------------------------------------------------------------------
constant("np.bitwise_and", "np.bitwise_or", "np.bitwise_xor", "np.invert", "np.left_shift", "np.right_shift",
         "np.bitwise_count", "np.packbits", "np.unpackbits", "np.gcd", "np.lcm", "np.array_equal", "np.array_equiv",
         "np.iscomplexobj", "np.isrealobj", "np.isscalar", "np.iterable", "np.isfortran", "np.shares_memory",
         "np.may_share_memory", "np.isdtype", "np.issubdtype", "np.can_cast", "np.common_type", "np.min_scalar_type",
         "np.mintypecode", "np.typename", "np.broadcast_shapes", "np.finfo", "np.iinfo", "np.dtype", "np.ndindex",
         "np.ndenumerate", "np.bool_", "np.int8", "np.int16", "np.int32", "np.int64", "np.intp", "np.longlong",
         "np.uint8", "np.uint16", "np.uint32", "np.uint64", "np.uintp", "np.ulonglong", "np.intc", "np.uintc")

# Windows ----------------------------------------------------------------------------------------------
constant("np.bartlett", "np.blackman", "np.hamming", "np.hanning")

# Text, files, dates, settings: no derivative passes through them -----------------------------------------
constant("np.array2string", "np.array_repr", "np.array_str", "np.base_repr", "np.binary_repr", "np.format_float_positional",
         "np.format_float_scientific", "np.fromstring", "np.fromregex", "np.fromfile", "np.frombuffer", "np.from_dlpack",
         "np.genfromtxt", "np.loadtxt", "np.load", "np.save", "np.savetxt", "np.savez", "np.savez_compressed",
         "np.busday_count", "np.busday_offset", "np.busdaycalendar", "np.is_busday", "np.isnat", "np.datetime_as_string",
         "np.datetime_data", "np.errstate", "np.geterr", "np.geterrcall", "np.getbufsize", "np.get_include",
         "np.get_printoptions", "np.printoptions", "np.set_printoptions", "np.setbufsize", "np.seterr", "np.seterrcall",
         "np.info", "np.show_config", "np.show_runtime", "np.memmap", "np.linalg.LinAlgError", "np.linalg.test",
         "np.fft.test", "np.test")

# Types, which are called to convert and asked for in tests ------------------------------------------------
constant("np.bool", "np.byte", "np.short", "np.int_", "np.long", "np.ubyte", "np.ushort", "np.uint", "np.ulong",
         "np.number", "np.integer", "np.signedinteger", "np.unsignedinteger", "np.inexact", "np.floating",
         "np.complexfloating", "np.generic", "np.flexible", "np.character", "np.str_", "np.bytes_", "np.datetime64",
         "np.timedelta64", "np.ufunc")

# Refused ------------------------------------------------------------------------------------------------
refused("np.frompyfunc", reason="its results are arrays of objects: write np.vectorize(f)")
refused("np.lib.stride_tricks.as_strided", reason="which elements it shows is decided by bytes: write np.lib.stride_tricks.sliding_window_view, or indices")
refused("np.nditer", "np.nested_iters", "np.flatiter", "np.broadcast", reason="write a loop over indices")
refused("np.poly1d", reason="write np.polyval on an array of coefficients")
refused("np.matrix", "np.asmatrix", "np.bmat", reason="write two-dimensional arrays and @")
refused("np.recarray", "np.record", "np.ndarray", "np.void", "np.object_",
        reason="write an array of floats, np.zeros(shape) for an empty one")
