f'{return 1}'
