//! Zstandard streams: RFC 8878, Section 3.

use std::io::{self, Read};

use ruzstd::decoding::{
    BlockDecodingStrategy, FrameDecoder, StreamingDecoder,
    errors::{FrameDecoderError, ReadFrameHeaderError},
};

use super::{End, read};

/// An empty last block (Section 3.1.1.2) and room for a checksum, which is not looked at.
const LAST_BLOCK: &[u8] = b"\x01\0\0\0\0\0\0";

/// Reads all frames of a stream and steps over the skippable ones.
pub fn read_frames(mut input: &[u8], largest: usize, output: &mut Vec<u8>) -> End {
    while !input.is_empty() {
        match read_frame(&mut input, largest, output) {
            Ok(End::Whole) => {}
            Ok(end) => return end,
            Err(error) => match skipped(&error) {
                Some(length) => input = input.get(length..).unwrap_or_default(),
                None => return End::Broken(error.to_string()),
            },
        }
    }
    End::Whole
}

/// Reads one frame; an error says that it has no good header.
fn read_frame(
    input: &mut &[u8],
    largest: usize,
    output: &mut Vec<u8>,
) -> Result<End, FrameDecoderError> {
    let frame = *input;
    let before = output.len();
    let mut decoder = FrameDecoder::new();
    decoder.init(&mut *input)?;
    let mut good = frame.len() - input.len();
    while !decoder.is_finished() {
        let block = decoder.decode_blocks(&mut *input, BlockDecodingStrategy::UptoBlocks(1));
        let Err(error) = block.and_then(|_| collect(&mut decoder, output)) else {
            good = frame.len() - input.len();
            if output.len() > largest {
                output.truncate(largest);
                return Ok(End::TooLarge);
            }
            continue;
        };
        let had = output.len() - before;
        read_blocks(frame.get(..good).unwrap_or_default(), had, largest, output);
        return Ok(End::Broken(reason(&error, input)));
    }
    if output.len() > largest {
        output.truncate(largest);
        return Ok(End::TooLarge);
    }
    Ok(End::Whole)
}

/// Takes what the decoder gives away; it keeps as much as later blocks may refer to.
fn collect(decoder: &mut FrameDecoder, output: &mut Vec<u8>) -> Result<(), FrameDecoderError> {
    decoder
        .collect_to_writer(output)
        .map(|_| ())
        .map_err(FrameDecoderError::FailedToDrainDecodebuffer)
}

/// Reads the good blocks from the start of a broken frame, as if they were all, and leaves out what of them
/// is in `output` already: the decoder that failed does not give away what it kept.
fn read_blocks(frame: &[u8], had: usize, largest: usize, output: &mut Vec<u8>) {
    let Ok(mut decoder) = StreamingDecoder::new(frame.chain(LAST_BLOCK)) else {
        return;
    };
    let skipped = io::copy(&mut decoder.by_ref().take(had as u64), &mut io::sink());
    if skipped.is_ok() {
        // Its end is the one that was made up.
        let _ = read(decoder, largest, output);
    }
}

fn reason(error: &FrameDecoderError, rest: &[u8]) -> String {
    if rest.is_empty() {
        "it ends too early".to_owned()
    } else {
        error.to_string()
    }
}

/// The length of a frame that is to be skipped.
fn skipped(error: &FrameDecoderError) -> Option<usize> {
    match error {
        FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
            length, ..
        }) => usize::try_from(*length).ok(),
        _ => None,
    }
}
