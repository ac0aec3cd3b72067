"""What a program is: types, spans, functions in normal form.  Data only; knows nothing of derivatives."""
